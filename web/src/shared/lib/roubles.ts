/** The server's limit for an amount. */
const MOST_ROUBLES = 10 ** 12;

/** A parsed amount in roubles, null when empty, or an error. */
type Typed = { amount: number | null } | { wrong: string };

/** «1 250,50» → 1250.5; accepts a comma or a point, spaces and «₽». */
export function typedRoubles(text: string): Typed {
  const bare = text.replace(/[\s₽]|руб\.?$/g, "").replace(",", ".");
  if (bare === "") return { amount: null };
  if (bare.startsWith("-")) return { wrong: "Сумма не может быть отрицательной." };
  if (!/^\d*\.?\d*$/.test(bare) || bare === ".")
    return { wrong: "Укажите сумму числом, например 1\u00a0250,50." };
  if ((bare.split(".")[1] ?? "").length > 2) return { wrong: "Не больше двух знаков после запятой." };
  const amount = Number(bare);
  return amount > MOST_ROUBLES ? { wrong: "Сумма слишком велика." } : { amount };
}

const typedForm = new Intl.NumberFormat("ru-RU", {
  minimumFractionDigits: 2,
  trailingZeroDisplay: "stripIfInteger",
});

/** 1250.5 → «1 250,50», for an input. */
export function roublesToType(amount: number | null): string {
  return amount === null ? "" : typedForm.format(amount).replace(/\s/g, " ");
}

/** Sums are computed in kopecks: 0.1 + 0.2 is exact there. */
export function toKopecks(roubles: number): number {
  return Math.round(roubles * 100);
}
