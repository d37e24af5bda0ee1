import { expect, it } from "vitest";

import { botChanges, newBot } from "./bot-rules";

const TOKEN = "123456789:AAE0_x-Y";

it.each([
  [TOKEN, "-1001234567890", true],
  [` ${TOKEN} `, "", true],
  ["", "", false],
  ["AAE0", "", false],
  [TOKEN, "0", false],
  [TOKEN, "группа", false],
  [TOKEN, "12345678901234567", false],
])("token «%s» with group «%s» may be connected: %s", (token, group_chat_id, right) => {
  expect(newBot.safeParse({ token, group_chat_id }).success).toBe(right);
});

it("a bot that is changed keeps its token when none is typed", () => {
  expect(botChanges.safeParse({ token: "", group_chat_id: "" }).success).toBe(true);
  expect(botChanges.safeParse({ token: "x", group_chat_id: "" }).success).toBe(false);
});
