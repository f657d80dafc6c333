/** The texts of `timeline`. */
export const timeline = {} as const;
