import { keep } from "../api/api";
import type { Written } from "../api/answers/rollback";

/** Hands a document to the person as a file: the window asks where to, a browser downloads it. False where they thought better of it. */
export async function save(written: Written, name: string): Promise<boolean> {
  const kept = await keep({ name, media: written.media, text: written.text, base64: written.base64 });
  if (kept === undefined) download(written, name);
  return kept ?? true;
}

function download(written: Written, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes(written)], { type: written.media }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The bytes of a document: its text, or what its Base64 says. */
export function bytes(written: Written): Uint8Array<ArrayBuffer> {
  if (written.text !== undefined) return new Uint8Array(new TextEncoder().encode(written.text));
  const binary = atob(written.base64 ?? "");
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
