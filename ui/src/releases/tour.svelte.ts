/** How far a newcomer has come with the sample release: made, rehearsed, gone back. */
export type TourStep = "plan" | "rehearsed" | "back";

/** Where it stands, and what came of both rehearsals in a sentence each. */
type Tour = { step?: TourStep; release?: string; file?: string; forward?: string; backward?: string };

/** The way of a newcomer through the sample. Kept for this visit: who comes again has seen it. */
export const tour = $state<Tour>({});

/** Ends it. */
export function endTour(): void {
  tour.step = undefined;
  tour.release = undefined;
  tour.file = undefined;
  tour.forward = undefined;
  tour.backward = undefined;
}
