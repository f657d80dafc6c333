import { settings } from "./settings.svelte";

/** The zone that times are written in: the chosen one, else the machine's. */
export function zone(): string {
  return settings.zone || Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** The zone's last word, as people say it: "Berlin". */
export function zoneName(): string {
  return (zone().split("/").pop() ?? "UTC").replaceAll("_", " ");
}

function written(at: string | number, options: Intl.DateTimeFormatOptions): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return String(at);
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone(), hourCycle: "h23", ...options })
    .format(moment)
    .replace(/,/g, "");
}

/** "20:41". */
export function time(at: string | number): string {
  return written(at, { hour: "2-digit", minute: "2-digit" });
}

/** "20:41:26". */
export function timeWithSeconds(at: string | number): string {
  return written(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "Tue 1 Dec". */
export function day(at: string | number): string {
  return written(at, { weekday: "short", day: "numeric", month: "short" });
}

/** "Tue 1 Dec 20:41". */
export function dayAndTime(at: string | number): string {
  return `${day(at)} ${time(at)}`;
}

/** "50 s", "7 min", "1 h 30". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 36) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
  return `${(hours / 24).toFixed(1)} d`;
}

/** "6–9 min", "50 s – 2 min": P50 to P90, everywhere. One number where both read alike. */
export function range(p50: number, p90: number): string {
  // Next to minutes, a minute and a half is read as minutes, too.
  const rounded = p90 >= 120_000 && p50 >= 90_000 ? Math.max(p50, 120_000) : p50;
  const [from, to] = [duration(rounded), duration(p90)];
  if (from === to) return to;
  const [number, unit] = from.split(" ");
  const sameUnit = !/\d/.test(unit ?? "") && from.split(" ").length === 2 && to.split(" ").length === 2 && to.endsWith(` ${unit}`);
  return sameUnit ? `${number}–${to}` : `${from} – ${to}`;
}

/** "0:24", "10:05", "1:02:03": where a column of durations is compared. */
export function stopwatch(milliseconds: number): string {
  const total = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = String(seconds).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** "00:41:26", for the big clocks. */
export function clock(milliseconds: number): string {
  const total = Math.floor(Math.abs(milliseconds) / 1000);
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** "1 node", "3 nodes". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;
}

/** "25 %", from a share between 0 and 1. */
export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** The first letters of a hash, without its method: enough to tell two plans apart. */
export function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, "").slice(0, 6);
}

/** "23 November". */
export function dayAndMonth(at: string | number): string {
  return written(at, { day: "numeric", month: "short" });
}

/** "23". */
export function dayOfMonth(at: string | number): string {
  return written(at, { day: "numeric" });
}

/** "Tue 1 Dec". */
export function weekdayAndDate(at: string | number): string {
  return day(at);
}

/** Signs that turn the direction of text or cannot be seen: a name may hide behind them. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name of others with everything hidden in it written out, so that no two names look alike by a trick. */
export function plain(text: string): string {
  return text.replace(HIDDEN, (sign) => `\u27e8U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}\u27e9`);
}
