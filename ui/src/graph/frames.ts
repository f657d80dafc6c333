// Things that happen often and are worth doing once a frame at most.

type Later = (run: () => void) => void;

const nextFrame: Later = (run) => {
  if (typeof requestAnimationFrame === "function" && !document.hidden) requestAnimationFrame(run);
  else setTimeout(run, 16);
};

/**
 * Gives a function that lets `work` run once in the next frame, however often it is asked for until
 * then. While a run is under way the next one waits for its end, and only one waits.
 */
export function coalesced(work: () => void | Promise<unknown>, later: Later = nextFrame): () => void {
  let state: "idle" | "asked" | "running" | "again" = "idle";
  const run = async () => {
    state = "running";
    try {
      await work();
    } finally {
      const isWanted = state !== "running";
      state = "idle";
      if (isWanted) ask();
    }
  };
  const ask = () => {
    if (state === "idle") {
      state = "asked";
      later(() => void run());
    } else if (state === "running") state = "again";
  };
  return ask;
}
