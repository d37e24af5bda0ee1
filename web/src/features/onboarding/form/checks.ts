/** Checks that more than one step needs; each answers what is wrong, undefined when nothing is. They mirror the server's. */
export type Check = (value: string) => string | undefined;

export const EMPTY = "Поле не может быть пустым.";
const UNSEEN = "Уберите невидимые и служебные символы.";

/** Without edges, every gap one space: what the server keeps of a line. */
export function oneLine(value: string): string {
  return value.normalize("NFC").replace(/\s+/g, " ").trim();
}

/** A line of at most `limit` signs; control signs and those that turn the direction of writing are refused. */
export function lineCheck(limit: number, { required }: { required: boolean }): Check {
  return (value) => {
    const line = oneLine(value);
    if (line === "") return required ? EMPTY : undefined;
    if (line.length > limit) return `Не больше ${limit} символов.`;
    return /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069]/u.test(line) ? UNSEEN : undefined;
  };
}

/** As `lineCheck`, but nothing that cannot be read off a paper: no sign of format either. */
export function paperCheck(limit: number): Check {
  const line = lineCheck(limit, { required: true });
  return (value) => line(value) ?? (/\p{C}/u.test(oneLine(value)) ? UNSEEN : undefined);
}
