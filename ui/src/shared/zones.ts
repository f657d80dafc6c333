const PARTS: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};

/** What a clock on the wall of the zone shows, written as if it were UTC: only for counting days and hours. */
export function wallClock(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { ...PARTS, timeZone: zone }).formatToParts(instant);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

/** The instant at which the wall clock of the zone shows this; in the hour that is skipped, the one after it. */
export function instantOf(wall: number, zone: string): number {
  const first = wall - (wallClock(wall, zone) - wall);
  return wall - (wallClock(first, zone) - first);
}

/** The instant of a written time: with an offset as it says, without one as the zone's wall clock. */
export function readTime(text: string, zone: string): number {
  const hasOffset = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  return hasOffset ? Date.parse(text) : instantOf(Date.parse(`${text}Z`), zone);
}

/** The instant at which the day of `instant` began in the zone, moved by whole days. */
export function startOfDay(instant: number, zone: string, plusDays = 0): number {
  const wall = wallClock(instant, zone);
  const day = 86_400_000;
  return instantOf(Math.floor(wall / day) * day + plusDays * day, zone);
}
