import { cleanedLine } from "@/shared/lib/typed";

/** Adds the typed words, separated by commas; ignores case and duplicates. */
export function addKeywords(words: readonly string[], typed: string): string[] {
  const known = new Map(words.map((word) => [word.toLocaleLowerCase("ru"), word]));
  for (const part of typed.split(",")) {
    const word = cleanedLine(part);
    const name = word.toLocaleLowerCase("ru");
    if (word !== "" && !known.has(name)) known.set(name, word);
  }
  return [...known.values()];
}
