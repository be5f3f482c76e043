/** ORD-04 to -06, -08, -23, -24: titration and pauses. */
export const stepLimits = {};
