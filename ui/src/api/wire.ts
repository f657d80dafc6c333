/** What may change without the page having asked. */
export const TOPICS = ["runs", "run", "readiness", "releases", "catalogue", "connections", "freezes", "notices"] as const;

/** A subject of the feed: refetch what you show of it. */
export type Topic = (typeof TOPICS)[number];

/** One message of the feed. It carries no state: whoever shows the topic asks again. */
export type Change = { topic: Topic; id?: string };

/** Whether changes can be heard of right now. */
export type Link = "there" | "lost";

/** One way to the core: the window, HTTP, or a fake. */
export interface Transport {
  /** Answers with the command's JSON, or throws a {@link Failure}. */
  call(name: string, args: object): Promise<unknown>;
  /** Calls the listener for every change until the returned function is called. */
  feed(listener: (change: Change) => void, onlink?: (link: Link) => void): () => void;
  /** Keeps a document where the person says, and tells whether they did; without it the browser's own download does. */
  save?(document: Kept): Promise<boolean>;
}

/** A document to be kept as a file. */
export type Kept = { name: string; media: string; text?: string | undefined; base64?: string | undefined };

/** An error of the core: what went wrong, and what to do about it. */
export class Failure extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint = "") {
    super(message);
    this.name = "Failure";
    this.code = code;
    this.hint = hint;
  }
}

/** Makes a failure of whatever a transport threw or a server answered. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (typeof thrown === "object" && thrown !== null) {
    const inner = "error" in thrown ? thrown.error : thrown;
    if (typeof inner === "object" && inner !== null && "message" in inner) {
      const { code, message, hint } = inner as { code?: unknown; message: unknown; hint?: unknown };
      return new Failure(String(code ?? "internal"), String(message), hint ? String(hint) : "");
    }
  }
  return new Failure("internal", String(thrown));
}
