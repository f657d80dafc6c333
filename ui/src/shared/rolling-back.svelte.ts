let asked = $state<string>();

/** Asks a person whether a run shall be rolled back. The one sheet for it stands in `App.svelte`. */
export function askRollback(run: string): void {
  asked = run;
}

/** The run that a person is being asked about. */
export function askedRollback(): string | undefined {
  return asked;
}

/** Takes the question away, answered or not. */
export function closeRollback(): void {
  asked = undefined;
}
