const MOSCOW = "Europe/Moscow";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// `trailingZeroDisplay` would do, but Firefox has it since version 116 only.
const roubles = new Intl.NumberFormat("ru-RU", { style: "currency", currency: "RUB" });
const wholeRoubles = new Intl.NumberFormat("ru-RU", {
  style: "currency",
  currency: "RUB",
  maximumFractionDigits: 0,
});
const dayAndTime = new Intl.DateTimeFormat("ru-RU", {
  day: "numeric",
  month: "long",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: MOSCOW,
});
const day = new Intl.DateTimeFormat("ru-RU", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: MOSCOW,
});
const clock = new Intl.DateTimeFormat("ru-RU", { hour: "2-digit", minute: "2-digit", timeZone: MOSCOW });

/** «1 250 ₽», «1 250,50 ₽»; the amount in roubles, as in the API. */
export function money(amount: number | string): string {
  const sum = Number(amount);
  return (Number.isInteger(sum) ? wholeRoubles : roubles).format(sum);
}

/** «21 ноября, 14:05» in the business's time zone. */
export function moment(iso: string): string {
  return dayAndTime.format(new Date(iso));
}

/** «21 ноября 2026 г.»; also for a date without a time, which has no zone. */
export function date(iso: string): string {
  return day.format(new Date(iso.length === 10 ? `${iso}T12:00:00+03:00` : iso));
}

export function time(iso: string): string {
  return clock.format(new Date(iso));
}

/** Age in short form: «только что», «12 мин», «3 ч», «5 дн». */
export function age(iso: string, now: number): string {
  const passed = Math.max(0, now - Date.parse(iso));
  if (passed < MINUTE) return "только что";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} мин`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} ч`;
  return `${Math.floor(passed / DAY)} дн`;
}

/** «+7 900 000-00-01» for the API's ten digits. */
export function phone(digits: string | null | undefined): string {
  if (digits?.length !== 10) return digits ?? "";
  return `+7 ${digits.slice(0, 3)} ${digits.slice(3, 6)}-${digits.slice(6, 8)}-${digits.slice(8)}`;
}

/** Russian plural: `plural(2, "устройство", "устройства", "устройств")`. */
export function plural(count: number, one: string, few: string, many: string): string {
  const tens = Math.abs(count) % 100;
  const units = tens % 10;
  if (tens > 10 && tens < 20) return many;
  if (units === 1) return one;
  return units >= 2 && units <= 4 ? few : many;
}

/** «1:05» for seconds. */
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** Duration in short form: «40 с», «12 мин», «3 ч», «2 дн». */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} с`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} мин`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} ч`;
  return `${Math.round(seconds / 86_400)} дн`;
}
