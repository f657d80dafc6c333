import { Failure, failureOf, type Change, type Link, type Transport } from "./wire";

const UNREACHABLE = "Start `gantry serve` again and open the address that it prints.";

async function call(name: string, args: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`api/call/${encodeURIComponent(name)}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
      credentials: "same-origin",
    });
  } catch {
    throw new Failure("unreachable", "Gantry does not answer.", UNREACHABLE);
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (answer === null) {
    throw new Failure("unreachable", `Gantry answered ${response.status}.`, UNREACHABLE);
  }
  throw failureOf(answer);
}

function feed(listener: (change: Change) => void, onlink?: (link: Link) => void): () => void {
  const source = new EventSource("api/feed", { withCredentials: true });
  source.onopen = () => onlink?.("there");
  source.onerror = () => onlink?.("lost");
  source.onmessage = (message) => listener(JSON.parse(String(message.data)) as Change);
  return () => source.close();
}

/** Talks to the HTTP door that served this page. */
export const http: Transport = { call, feed };
