/** Checks shared by several steps; each returns an error or undefined. They mirror the server's checks. */
export type Check = (value: string) => string | undefined;

const EMPTY = "Поле не может быть пустым.";
const UNSEEN = "Уберите невидимые и служебные символы.";

/** Normalises a line as the server does: trimmed, single spaces. */
export function oneLine(value: string): string {
  return value.normalize("NFC").replace(/\s+/g, " ").trim();
}

/** A line of at most `limit` characters without control and bidirectional characters. */
export function lineCheck(limit: number, { required }: { required: boolean }): Check {
  return (value) => {
    const line = oneLine(value);
    if (line === "") return required ? EMPTY : undefined;
    if (line.length > limit) return `Не больше ${limit} символов.`;
    return /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069]/u.test(line) ? UNSEEN : undefined;
  };
}

/** As `lineCheck`, required, without format characters. */
export function paperCheck(limit: number): Check {
  const line = lineCheck(limit, { required: true });
  return (value) => line(value) ?? (/\p{C}/u.test(oneLine(value)) ? UNSEEN : undefined);
}
