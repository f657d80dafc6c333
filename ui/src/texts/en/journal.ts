/** The texts of `journal`. */
export const journal = {} as const;
