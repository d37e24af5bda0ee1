import { expect, it } from "vitest";

import { lagOf } from "./lagging";

const SINCE = "2026-11-30T12:00:00Z";
const LATER = Date.parse(SINCE) + 60_000;
const GROUP = "В группе выключены темы: включите их в настройках группы.";

it.each([
  ["active", null, null, undefined],
  ["inactive", null, SINCE, undefined],
  ["error", GROUP, SINCE, `@shop_bot: ${GROUP}`],
  ["error", null, null, "@shop_bot: бот не может работать в группе."],
] as const)("a bot that is %s with «%s» since %s says %s", (status, status_reason, failing_since, text) => {
  expect(lagOf({ bot_username: "shop_bot", status, status_reason, failing_since }, LATER)?.text).toBe(text);
});

it("a bot without an answer of Telegram says since when", () => {
  const away = {
    bot_username: "shop_bot",
    status: "active",
    status_reason: null,
    failing_since: SINCE,
  } as const;
  expect(lagOf(away, LATER)?.text).toMatch(/^@shop_bot: Telegram не отвечает с .+\d/);
  expect(lagOf(away, LATER - 1)).toBeUndefined();
});
