/** The texts of the kit. */
export const kit = {
  loading: "Loading",
  stale: "What you see is what was known before.",
  retry: "Try again",
  close: "Close",
  exports: {
    format: "Format",
    reader: "For",
    leave: "Leave",
    save: (name: string) => `Save ${name}`,
    done: (name: string) => `${name} was written.`,
    formats: {
      md: "Markdown",
      html: "HTML, one file",
      pdf: "PDF",
      json: "JSON",
      csv: "CSV, timeline",
    },
    readers: { internal: "Everybody here", customer: "Customers", regulator: "A regulator" },
  },
} as const;
