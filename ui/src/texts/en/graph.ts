/** The texts of `graph`. */
export const graph = {
  cycle: "cycle",
  leadFrom: "Lead the beginning of the edge elsewhere",
  leadTo: "Lead the end of the edge elsewhere",
} as const;
