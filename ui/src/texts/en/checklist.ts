/** The texts of `checklist`. */
export const checklist = {} as const;
