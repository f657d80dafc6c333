/** The texts of `rollback`. */
export const rollback = {} as const;
