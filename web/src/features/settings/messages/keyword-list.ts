/** The list with what was typed, which may be several words by commas; the same word, however written, stands once. */
export function addKeywords(words: readonly string[], typed: string): string[] {
  const known = new Map(words.map((word) => [word.toLocaleLowerCase("ru"), word]));
  for (const part of typed.split(",")) {
    const word = part.trim().replace(/\s+/g, " ");
    const name = word.toLocaleLowerCase("ru");
    if (word !== "" && !known.has(name)) known.set(name, word);
  }
  return [...known.values()];
}
