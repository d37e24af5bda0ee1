import { describe, expect, it, test } from "vitest";

import type { CodeDelivery } from "@/entities/clients/card";

import { codeOf, codeStatus, codeWay, coolDown, stageOf, type CodeFacts } from "./stage";

const SENT = "2026-11-21T10:00:00Z";
const NOW = Date.parse(SENT);
const code: CodeFacts = { state: "active", sent_at: SENT, expires_at: "2026-11-21T10:10:00Z", tries_left: 5 };

test.each([
  ["profile", "missing"],
  ["passport", "missing"],
  ["devices", "missing"],
  ["tariff", "tariff"],
  ["contract", "generate"],
  ["signature", "signature"],
  ["payment", "payment"],
  ["done", "done"],
] as const)("a client whose next step is %s stands at %s", (step, stage) => {
  expect(stageOf(step)).toBe(stage);
});

describe("a code", () => {
  it("expires on screen", () => {
    expect(codeStatus(code, NOW + 60_000)).toEqual({ kind: "active", secondsLeft: 540, triesLeft: 5 });
    expect(codeStatus(code, NOW + 599_001)).toEqual({ kind: "active", secondsLeft: 1, triesLeft: 5 });
    expect(codeStatus(code, NOW + 600_000)).toEqual({ kind: "expired" });
  });

  it("that is locked stays locked after its time", () => {
    expect(codeStatus({ ...code, state: "locked" }, NOW + 900_000)).toEqual({ kind: "locked" });
  });

  it("that was used, or none at all, asks for a new one", () => {
    expect(codeStatus(null, NOW)).toEqual({ kind: "none" });
    expect(codeStatus({ ...code, state: "used" }, NOW)).toEqual({ kind: "none" });
  });
});

test("the next code may be sent when the cool-down is over", () => {
  expect(coolDown(null, 60, NOW)).toBe(0);
  expect(coolDown(SENT, 60, NOW)).toBe(60);
  expect(coolDown(SENT, 60, NOW + 59_500)).toBe(1);
  expect(coolDown(SENT, 60, NOW + 61_000)).toBe(0);
  expect(coolDown(SENT, 60, NOW - 5_000)).toBe(60);
});

test.each([
  ["123456", "123456"],
  ["123 456", "123456"],
  ["12-34-56", "123456"],
  ["\u200b123456\ufeff", "123456"],
  ["Ваш код: 123456. Никому его не говорите, он действует 10 минут.", "123456"],
  ["1234567", "1234567"],
  ["код: 12-34-56-78", "код: 12-34-56-78"],
  ["123456 или 654321", "123456 или 654321"],
  ["", ""],
])("of %j the code is %j", (typed, digits) => {
  expect(codeOf(typed)).toBe(digits);
});

describe("the way of a code", () => {
  const sent: CodeDelivery = {
    channel: "sms",
    state: "sent",
    sent_at: SENT,
    delivered_at: null,
    expires_at: null,
    reason: null,
    to: "+7 9•• •••-••-67",
    hint: null,
  };

  it("is told with its masked address", () => {
    expect(codeWay(sent).title).toBe("Код отправлен по SMS: +7 9•• •••-••-67");
    expect(codeWay({ ...sent, state: "delivered" }).title).toBe("Код доставлен по SMS: +7 9•• •••-••-67");
    expect(codeWay({ ...sent, state: "pending", channel: null, to: null }).title).toBe("Код отправляется");
  });

  it("of an earlier release is the chat", () => {
    expect(codeWay(null)).toEqual({ title: "Код отправлен клиенту в чат поддержки" });
  });

  it("that failed says why", () => {
    const failed: CodeDelivery = { ...sent, state: "failed", hint: "Телефон не подтверждён." };
    expect(codeWay(failed)).toEqual({ title: "Код не отправлен", trouble: "Телефон не подтверждён." });
    expect(codeWay({ ...failed, state: "unknown" }).title).toBe("Неизвестно, дошёл ли код");
  });
});
