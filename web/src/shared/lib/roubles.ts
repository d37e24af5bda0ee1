/** As much as the server takes for an amount. */
const MOST_ROUBLES = 10 ** 12;

/** An amount as it was typed: a number of roubles, nothing at all, or what is wrong with it. */
export type Typed = { amount: number | null } | { wrong: string };

/** «1 250,50» → 1250.5; a comma or a point, spaces and «₽» as one likes. */
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

/** 1250.5 → «1 250,50», as it stands in a field. */
export function roublesToType(amount: number | null): string {
  return amount === null ? "" : typedForm.format(amount).replace(/\s/g, " ");
}

/** Sums are made of these: 0.1 + 0.2 is 0.3 in kopecks only. */
export function toKopecks(roubles: number): number {
  return Math.round(roubles * 100);
}
