import { z } from "zod";

import { cleaned, visible } from "@/shared/lib/typed";

/** Mirrors the rules of `domain/canned.py`. */
export const LONGEST = 1000;
const MOST = 50;
const KNOWN = ["buyer", "item", "price", "account"];

const NAME = /^[a-zа-яё0-9_-]{1,32}$/;
const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** Error in a text; undefined when it is valid. */
export function wrongText(text: string): string | undefined {
  if (cleaned(text) === "") return "Напишите текст ответа.";
  if (text.length > LONGEST) return `Текст длиннее ${LONGEST} знаков.`;
  for (const [piece, name] of text.matchAll(PIECE)) {
    if (piece === "{" || piece === "}")
      return "Фигурная скобка без пары. Чтобы написать саму скобку, удвойте её.";
    if (name !== undefined && !KNOWN.includes(name.trim())) {
      return `Подстановки {${name.trim()}} нет. Есть: {buyer}, {item}, {price}, {account}.`;
    }
  }
  return undefined;
}

const row = z.object({
  name: z
    .string()
    .overwrite(visible)
    .regex(NAME, "Имя: до 32 строчных букв, цифр, «_» или «-», без пробелов."),
  text: z.string().superRefine((text, context) => {
    const wrong = wrongText(text);
    if (wrong !== undefined) context.addIssue({ code: "custom", message: wrong });
  }),
});

export const schema = z.object({
  rows: z
    .array(row)
    .max(MOST, `Готовых ответов может быть не больше ${MOST}.`)
    .superRefine((rows, context) => {
      rows.forEach(({ name }, index) => {
        if (rows.findIndex((one) => one.name === name) < index) {
          context.addIssue({ code: "custom", path: [index, "name"], message: "Такое имя уже есть." });
        }
      });
    }),
});

export type CannedValues = z.infer<typeof schema>;

export function rowsOf(canned: Record<string, string>): CannedValues["rows"] {
  return Object.entries(canned).map(([name, text]) => ({ name, text }));
}

export function cannedOf(rows: CannedValues["rows"]): Record<string, string> {
  return Object.fromEntries(rows.map(({ name, text }) => [name, text]));
}
