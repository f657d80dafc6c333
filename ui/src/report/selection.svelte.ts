/** Which entry of the journal a person has chosen in the report. */
export interface Selection {
  readonly seq: number | undefined;
  choose(seq: number): void;
}

/** Nothing is chosen at first. */
export function selection(): Selection {
  let seq = $state<number>();
  return {
    get seq() {
      return seq;
    },
    choose: (chosen) => (seq = chosen),
  };
}
