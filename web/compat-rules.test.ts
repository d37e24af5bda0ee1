import data from "@mdn/browser-compat-data" with { type: "json" };
import { expect, test } from "vitest";
import { parseSync } from "vite";

import { OLDEST } from "./browsers.ts";
import { features, missingStyles } from "./compat-rules.ts";

const missing = (code: string) =>
  features(parseSync("a.js", code).program, data, OLDEST).map(({ name }) => name);
const missingIn = (css: string) => missingStyles(css, data, OLDEST).map(({ name }) => name);

test.each([
  ["AbortSignal.any([a, b])", ["AbortSignal.any"]],
  ["Promise.withResolvers()", ["Promise.withResolvers"]],
  ["Object.groupBy(list, kind)", ["Object.groupBy"]],
  ["new Set(a).union(b)", ["method union"]],
  ["/[a--b]/v.test(text)", ["regular expression with the flag v"]],
  ["Promise.try(work)", ["Promise.try"]],
])("%s is missing somewhere", (code, names) => {
  expect(missing(code)).toEqual(names);
});

test.each([
  "AbortSignal.timeout(5); structuredClone(a); list.toSorted(); list.findLast(f)",
  "typeof AbortSignal.any === 'function' && AbortSignal.any([a])",
  "'any' in AbortSignal ? AbortSignal.any([a]) : a",
  "Promise.withResolvers ??= () => 1; Promise.withResolvers()",
  "$({ target: 'Set', proto: true }, { union: own }); a.union(b)",
  "class Own { union() {} } new Own().union(b)",
  "list.map(f); text.at(-1)",
])("%s is there everywhere", (code) => {
  expect(missing(code)).toEqual([]);
});

test("styles are looked up too", () => {
  expect(missingIn(".a:has(b){color:red}")).toEqual(["selector :has"]);
  expect(missingIn("@starting-style{.a{color:red}}")).toEqual(["at-rule @starting-style"]);
  expect(missingIn(".a{field-sizing:content}")).toEqual(["property field-sizing"]);
  expect(missingIn(".a:focus-visible{color:color-mix(in srgb,red,blue);inset:0}@layer b{}")).toEqual([]);
});
