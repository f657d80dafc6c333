/** The texts of `notify`. */
export const notify = {} as const;
