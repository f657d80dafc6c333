// The only file that knows the window's bridge.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { failureOf, type Change, type Kept, type Transport } from "./wire";

async function call(name: string, args: object): Promise<unknown> {
  try {
    return await invoke("call", { name, arguments: args });
  } catch (thrown) {
    throw failureOf(thrown);
  }
}

function feed(listener: (change: Change) => void): () => void {
  const listening = listen<Change>("feed", (event) => listener(event.payload)).catch(() => undefined);
  return () => {
    void listening.then((stop) => stop?.());
  };
}

/** A dialog of the system asks where to; the window itself downloads nothing. */
async function save(document: Kept): Promise<boolean> {
  const { file } = (await call("save-document", document)) as { file: string | null };
  return file !== null;
}

/** Talks to the core inside this window's own process. */
export const tauri: Transport = { call, feed, save };
