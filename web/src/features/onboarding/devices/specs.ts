import { cleaned } from "@/shared/lib/typed";

/** Characteristics of a device as rows of names and values. */
export interface SpecRow {
  name: string;
  value: string;
}

type Specs = Record<string, unknown>;

const LONGEST_VALUE = 4000;
const LONGEST = 10_000;
const MOST = 200;

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function rowsOf(specs: Specs | null): SpecRow[] {
  return Object.entries(specs ?? {}).map(([name, value]) => ({ name, value: shown(value) }));
}

/**
 * Values to send. Untouched values keep their type and spelling, such as numbers and lists of imported devices.
 * Empty rows are dropped.
 */
export function specsOf(rows: readonly SpecRow[], before: Specs | null): Specs | null {
  const filled = rows
    .map(({ name, value }) => ({ name: cleaned(name), value: cleaned(value) }))
    .filter(({ name, value }) => name !== "" || value !== "");
  if (filled.length === 0) return null;
  return Object.fromEntries(
    filled.map(({ name, value }) => {
      const old = before !== null && Object.hasOwn(before, name) ? before[name] : undefined;
      return [name, old !== undefined && cleaned(shown(old)) === value ? old : value];
    }),
  );
}

/** Error in the rows; undefined when they are valid. */
export function wrongSpecs(rows: readonly SpecRow[]): string | undefined {
  const names = rows.map(({ name }) => cleaned(name)).filter((name) => name !== "");
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) return `Характеристика «${double}» указана дважды. Оставьте одну.`;
  if (rows.some(({ name, value }) => cleaned(name) === "" && cleaned(value) !== "")) {
    return "Назовите каждую характеристику, например «Процессор».";
  }
  const empty = rows.find(({ name, value }) => cleaned(name) !== "" && cleaned(value) === "");
  if (empty !== undefined) return `Укажите значение для «${empty.name.trim()}» или уберите эту строку.`;
  if (names.length > MOST) return `Не больше ${MOST} характеристик.`;
  if (rows.some(({ value }) => value.length > LONGEST_VALUE) || JSON.stringify(rows).length > LONGEST) {
    return "Слишком длинный текст. Сократите характеристики.";
  }
  return undefined;
}

/** Serialises rows to text and back; invalid text gives no rows. */
export function packRows(rows: readonly SpecRow[]): string {
  return rows.length === 0 ? "" : JSON.stringify(rows.map(({ name, value }) => [name, value]));
}

export function unpackRows(text: string): SpecRow[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) =>
    Array.isArray(row) && typeof row[0] === "string" && typeof row[1] === "string"
      ? [{ name: row[0], value: row[1] }]
      : [],
  );
}

/** «Процессор: i5», one per line. */
export function specsText(rows: readonly SpecRow[]): string {
  return rows.map(({ name, value }) => `${name}: ${value}`).join("\n");
}
