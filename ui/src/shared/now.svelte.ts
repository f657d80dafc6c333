import { createSubscriber } from "svelte/reactivity";

let read = (): number => Date.now();

const everySecond = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** The time, fresh every second where a component shows it. */
export function now(): number {
  everySecond();
  return read();
}

/** Lets tests and pictures stop the clock. */
export function setClock(clock: () => number): void {
  read = clock;
}
