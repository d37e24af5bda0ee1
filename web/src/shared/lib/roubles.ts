import { keyboardSigns, visible } from "./typed";

/** The server's limit for an amount. */
const MOST_ROUBLES = 10 ** 12;

/** A parsed amount in roubles, null when empty, or an error. */
type Typed = { amount: number | null } | { wrong: string };

/** «1 250,50» → 1250.5; accepts a comma or a point, spaces between thousands, and «₽». */
export function typedRoubles(text: string): Typed {
  const bare = keyboardSigns(visible(text)).replace(/ ?(?:₽|руб\.?)$/, "");
  if (bare === "") return { amount: null };
  if (bare.startsWith("-")) return { wrong: "Сумма не может быть отрицательной." };
  const parts = /^(\d{1,3}(?: \d{3})+|\d*)(?:[.,](\d*))?$/.exec(bare);
  const [, whole = "", rest = ""] = parts ?? [];
  if (whole === "" && rest === "") return { wrong: "Укажите сумму числом, например 1\u00a0250,50." };
  if (rest.length > 2) return { wrong: "Не больше двух знаков после запятой." };
  const amount = Number(`${whole.replaceAll(" ", "")}.${rest}`);
  return amount > MOST_ROUBLES ? { wrong: "Сумма слишком велика." } : { amount };
}

// `trailingZeroDisplay` would do, but Firefox has it since version 116 only.
const typedWhole = new Intl.NumberFormat("ru-RU", { maximumFractionDigits: 0 });
const typedForm = new Intl.NumberFormat("ru-RU", { minimumFractionDigits: 2 });

/** 1250.5 → «1 250,50», for an input. */
export function roublesToType(amount: number | null): string {
  return amount === null
    ? ""
    : (Number.isInteger(amount) ? typedWhole : typedForm).format(amount).replace(/\s/g, " ");
}

/** Sums are computed in kopecks: 0.1 + 0.2 is exact there. */
export function toKopecks(roubles: number): number {
  return Math.round(roubles * 100);
}
