/** The texts of `insights`. */
export const insights = {} as const;
