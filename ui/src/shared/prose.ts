/** What acts on the eye or turns text round; marks and joiners that Arabic, Hebrew and Indic text needs stay. */
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Sentences of others, with their line ends, and everything that would act on the eye written out. */
export function prose(text: string): string {
  return text.replace(ACTS, (sign) => `\u27e8U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}\u27e9`);
}
