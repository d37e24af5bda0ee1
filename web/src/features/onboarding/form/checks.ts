import { cleanedLine, isUnfit, lengthOf, visible } from "@/shared/lib/typed";

/** Checks shared by several steps; each returns an error or undefined. They mirror the server's checks. */
export type Check = (value: string) => string | undefined;

const EMPTY = "Поле не может быть пустым.";
const UNSEEN = "Уберите невидимые и служебные символы.";

/** A line of at most `limit` characters, as the server cleans and counts it. */
export function lineCheck(limit: number, { required }: { required: boolean }): Check {
  return (value) => {
    const line = cleanedLine(value);
    if (line === "") return required ? EMPTY : undefined;
    if (lengthOf(line) > limit) return `Не больше ${limit} знаков.`;
    return isUnfit(line) ? UNSEEN : undefined;
  };
}

/** As `lineCheck`, required, for what stands in a passport: nothing invisible is kept. */
export function paperCheck(limit: number): Check {
  const line = lineCheck(limit, { required: true });
  return (value) => line(visible(value));
}
