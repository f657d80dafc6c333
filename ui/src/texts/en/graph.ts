/** The texts of `graph`. */
export const graph = {} as const;
