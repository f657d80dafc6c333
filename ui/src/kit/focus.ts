/** Puts the focus into the first field of a form that appears: attach it to the form. */
export function firstField(form: HTMLElement): void {
  const field = form.querySelector<HTMLElement>("input:not([readonly]):not([hidden]), select, textarea");
  // The sheet moves the focus when it opens; this has to come after.
  requestAnimationFrame(() => field?.focus());
}
