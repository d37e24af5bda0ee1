import { describe, expect, it } from "vitest";

import { deliveryFailed, deliveryTitle, type CodeDelivery } from "./code-delivery";

const sent: CodeDelivery = {
  channel: "sms",
  state: "sent",
  sent_at: "2026-11-30T09:03:00Z",
  delivered_at: null,
  expires_at: "2026-11-30T09:13:00Z",
  reason: null,
  hint: null,
};

describe("where a code stands", () => {
  it("names the channel that was used", () => {
    expect(deliveryTitle(sent)).toBe("Код отправлен клиенту в СМС");
    expect(deliveryTitle({ ...sent, channel: "mail", state: "delivered" })).toBe(
      "Код отправлен клиенту на почту и доставлен",
    );
    expect(deliveryTitle({ ...sent, channel: "telegram", state: "pending" })).toBe("Отправляем код в Telegram");
  });

  it("does not claim what is unknown", () => {
    expect(deliveryTitle({ ...sent, state: "unknown" })).toContain("ответа о доставке нет");
  });

  it("asks the manager to act only after a failure", () => {
    expect(deliveryFailed({ ...sent, state: "failed" })).toBe(true);
    expect(deliveryFailed({ ...sent, state: "unknown" })).toBe(false);
    expect(deliveryFailed(null)).toBe(false);
  });
});
