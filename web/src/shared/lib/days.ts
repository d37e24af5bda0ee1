import { date } from "./format";

const DAY = 86_400_000;

// ISO dates in the business's time zone.
const calendar = new Intl.DateTimeFormat("en-CA", {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  timeZone: "Europe/Moscow",
});

/** «2026-11-21» */
export function dayOf(at: string | number): string {
  return calendar.format(new Date(at));
}

/** «Сегодня», «Вчера», «19 ноября 2026 г.». */
export function dayName(day: string, now: number): string {
  if (day === dayOf(now)) return "Сегодня";
  if (day === dayOf(now - DAY)) return "Вчера";
  return date(day);
}
