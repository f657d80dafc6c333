/** The texts of the kit. */
export const kit = {
  loading: "Loading",
  stale: "What you see is what was known before.",
  retry: "Try again",
  close: "Close",
} as const;
