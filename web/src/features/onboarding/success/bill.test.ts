import { expect, test } from "vitest";

import { billForm, billFrom, dayAfter } from "./bill";

const typed = { amount: "1 250,50", description: " Настройка ", due_date: "2026-12-01" };

test("a bill is sent in roubles with a date without a time", () => {
  expect(billFrom(billForm.parse(typed), "ИВ-261121-01")).toEqual({
    amount: 1250.5,
    description: "Настройка",
    contract_number: "ИВ-261121-01",
    due_date: "2026-12-01",
  });
});

test.each([
  [{ amount: "" }, "amount"],
  [{ amount: "0" }, "amount"],
  [{ amount: "-5" }, "amount"],
  [{ amount: "сто" }, "amount"],
  [{ amount: "1,999" }, "amount"],
  [{ description: "  " }, "description"],
  [{ description: "я".repeat(1001) }, "description"],
  [{ due_date: "" }, "due_date"],
  [{ due_date: "2026-02-30" }, "due_date"],
])("a bill with %j is not sent", (wrong, field) => {
  const checked = billForm.safeParse({ ...typed, ...wrong });
  expect(checked.error?.issues.map((issue) => issue.path[0])).toEqual([field]);
});

test("the day that is offered is counted over the end of a month", () => {
  expect(dayAfter(new Date(2026, 10, 28), 5)).toBe("2026-12-03");
});
