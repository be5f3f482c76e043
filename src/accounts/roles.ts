/**
 * What a person may do; the wire has the same list (a test compares the two, because this folder
 * does not know the hub).
 */
export const ROLES = ['nurse', 'prescriber', 'pharmacist', 'biomed', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const isRole = (word: unknown): word is Role => ROLES.some((role) => role === word);
