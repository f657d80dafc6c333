/** The texts of `connections`. */
export const connections = {} as const;
