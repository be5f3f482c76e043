/** ORD-27 to -29, VIT-12, VIT-16: the session around the infusion. */
export const sessionLimits = {};
