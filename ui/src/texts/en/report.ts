/** The texts of `report`. */
export const report = {} as const;
