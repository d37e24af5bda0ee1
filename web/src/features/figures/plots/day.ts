const short = new Intl.DateTimeFormat("ru-RU", { day: "numeric", month: "short", timeZone: "UTC" });

/** «21 нояб.» of `2026-11-21`, which has no zone. */
export function shortDay(day: string): string {
  return day === "" ? "" : short.format(new Date(day));
}
