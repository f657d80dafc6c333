// A person finds what they see by the words on it; caps of shortcuts are no words.
const words = (element) => {
  const copy = element.cloneNode(true);
  for (const cap of copy.querySelectorAll("[aria-hidden=true]")) cap.remove();
  return (element.getAttribute("aria-label") ?? copy.textContent).replace(/\s+/gu, " ").trim();
};
const usable = (element) =>
  element.getClientRects().length > 0 &&
  getComputedStyle(element).visibility === "visible" &&
  !element.disabled &&
  element.getAttribute("aria-disabled") !== "true";
const find = (selector, name) =>
  [...document.querySelectorAll(selector)].find((element) => usable(element) && (name === "" || words(element) === name));
