/** Sections of the settings. */
export const SECTIONS = [
  { section: "auto-reply", label: "Автоответ" },
  { section: "canned", label: "Готовые ответы" },
  { section: "messages", label: "Сообщения" },
  { section: "accounts", label: "Аккаунты Avito" },
  { section: "bots", label: "Боты" },
] as const;

export type Section = (typeof SECTIONS)[number]["section"];

export function isSection(value: unknown): value is Section {
  return SECTIONS.some(({ section }) => section === value);
}
