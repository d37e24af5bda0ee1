const short = new Intl.DateTimeFormat("ru-RU", { day: "numeric", month: "short", timeZone: "UTC" });

/** «21 нояб.» for `2026-11-21`, a date without a zone. */
export function shortDay(day: string): string {
  return day === "" ? "" : short.format(new Date(day));
}
