/** ORD-09 to -12, -20, -25, -26: amounts given. */
export const doseLimits = {};
