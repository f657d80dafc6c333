/** The texts of `poll`. */
export const poll = {} as const;
