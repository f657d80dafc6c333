/** The texts of `plan`. */
export const plan = {} as const;
