import { expect, it } from "vitest";

import { filled } from "./canned";

const VALUES = { buyer: "Ольга", item: "Велосипед", price: "", account: "Лавка" };

it.each([
  ["Здравствуйте, {buyer}!", "Здравствуйте, Ольга!"],
  ["«{ item }» за {price}.", "«Велосипед» за ."],
  ["{{buyer}} — это {account}", "{buyer} — это Лавка"],
  ["{nobody}", ""],
])("%s becomes %s", (template, text) => {
  expect(filled(template, VALUES)).toBe(text);
});
