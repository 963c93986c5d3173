// Numbers and times as people say them.

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** 75.4 → "1:15"; hours only where there are any. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(rest).padStart(2, "0")}`;
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

export function bytes(count: number): string {
  if (count < 1000) return plural(count, "byte");
  if (count < 1_000_000) return `${Math.round(count / 1000)} KB`;
  if (count < 1_000_000_000) return `${(count / 1_000_000).toFixed(1).replace(/\.0$/, "")} MB`;
  return `${(count / 1_000_000_000).toFixed(1)} GB`;
}

/** "2 minutes ago", "yesterday", "Monday", "2 November". */
export function ago(moment: string, now = new Date()): string {
  const then = new Date(moment);
  const minutes = Math.floor((now.getTime() - then.getTime()) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${plural(minutes, "minute")} ago`;
  const days = daysBetween(then, now);
  if (days === 0) return `${plural(Math.floor(minutes / 60), "hour")} ago`;
  if (days === 1) return "yesterday";
  if (days < 7) return then.toLocaleDateString("en", { weekday: "long" });
  const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return then.toLocaleDateString("en-GB", { day: "numeric", month: "long", year });
}

/** "today at 13:58", "yesterday", "on 14 November". */
export function when(moment: string, now = new Date()): string {
  const then = new Date(moment);
  const days = daysBetween(then, now);
  if (days === 0) return `today at ${then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
  if (days === 1) return "yesterday";
  return `on ${then.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}`;
}

/** How long something will take, never more exact than anyone can know. */
export function roughly(seconds: number): string {
  if (seconds <= 5) return "a few seconds";
  if (seconds <= 20) return `${Math.ceil(seconds / 5) * 5} seconds`;
  if (seconds <= 55) return `${Math.ceil(seconds / 10) * 10} seconds`;
  return plural(Math.max(1, Math.round(seconds / 60)), "minute");
}

/** The same at the beginning of a sentence: "A few seconds", "About 20 seconds". */
export const about = (seconds: number) => (seconds <= 5 ? "A few seconds" : `About ${roughly(seconds)}`);

export const wordCount = (text: string) => text.match(/\S+/g)?.length ?? 0;

function daysBetween(then: Date, now: Date): number {
  const day = (moment: Date) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((day(now) - day(then)) / 86_400_000);
}
