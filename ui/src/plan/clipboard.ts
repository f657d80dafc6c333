// The machine's clipboard where the page may use it, and one of our own where it may not.

let own = "";

export async function writeClipboard(text: string): Promise<void> {
  own = text;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the right to the machine's clipboard, copies stay within this window.
  }
}

export async function readClipboard(): Promise<string> {
  try {
    return (await navigator.clipboard.readText()) || own;
  } catch {
    return own;
  }
}
