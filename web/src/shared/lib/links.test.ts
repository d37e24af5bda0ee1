import { expect, it } from "vitest";

import { hrefOf, pieces } from "./links";

it.each([
  ["нет адреса", [{ text: "нет адреса" }]],
  ["", []],
  [
    "вот https://a.ru/1?b=2, и http://b.ru.",
    [
      { text: "вот " },
      { text: "https://a.ru/1?b=2", href: "https://a.ru/1?b=2" },
      { text: ", и " },
      { text: "http://b.ru", href: "http://b.ru/" },
      { text: "." },
    ],
  ],
  [
    "(https://a.ru/x_(y))",
    [{ text: "(" }, { text: "https://a.ru/x_(y)", href: "https://a.ru/x_(y)" }, { text: ")" }],
  ],
  ["javascript:alert(1)", [{ text: "javascript:alert(1)" }]],
  ["data:text/html,<b> ftp://a.ru", [{ text: "data:text/html,<b> ftp://a.ru" }]],
  ["https://avito.ru@evil.ru/x", [{ text: "https://avito.ru@evil.ru/x" }]],
  ["https://", [{ text: "https://" }]],
] as const)("%j has the links %j", (text, found) => {
  expect(pieces(text)).toEqual(found);
});

it.each([
  ["https://avito.ru/1", "https://avito.ru/1"],
  ["javascript:alert(1)", undefined],
  ["avito.ru", undefined],
  [null, undefined],
])("%j opens as %j", (address, href) => {
  expect(hrefOf(address)).toBe(href);
});
