/* Moments in Russian; all are Unix seconds of the sandbox's clock. */

const CLOCK = new Intl.DateTimeFormat("ru-RU", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("ru-RU", { day: "numeric", month: "long" });

let ahead = 0;

/** The sandbox says what time it is: its clock may have been moved. */
export const setNow = (seconds) => (ahead = seconds - Date.now() / 1000);
export const now = () => Date.now() / 1000 + ahead;

export const clock = (seconds) => CLOCK.format(seconds * 1000);

export function day(seconds) {
  const name = DAY.format(seconds * 1000);
  if (name === DAY.format(now() * 1000)) return "Сегодня";
  return name === DAY.format((now() - 86400) * 1000) ? "Вчера" : name;
}

/** `plural(5, "вызов", "вызова", "вызовов")` → «5 вызовов» */
export function plural(number, one, few, many) {
  const [tens, units] = [number % 100, number % 10];
  if (units === 1 && tens !== 11) return `${number} ${one}`;
  return `${number} ${units >= 2 && units <= 4 && (tens < 12 || tens > 14) ? few : many}`;
}
