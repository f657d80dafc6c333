/** The texts of `settings`. */
export const settings = {} as const;
