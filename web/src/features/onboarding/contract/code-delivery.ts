import type { Detail } from "@/entities/clients/card";

export type CodeDelivery = NonNullable<NonNullable<Detail["contract"]>["code_delivery"]>;

const PLACES: Record<CodeDelivery["channel"], string> = {
  support_chat: "в чат поддержки",
  sms: "в СМС",
  telegram: "в Telegram",
  mail: "на почту",
};

/** Where the code stands, in one sentence: «Код отправлен клиенту в СМС и доставлен». */
export function deliveryTitle(delivery: CodeDelivery | null | undefined): string {
  if (delivery === null || delivery === undefined) return "Код отправлен клиенту в чат поддержки";
  const place = PLACES[delivery.channel];
  switch (delivery.state) {
    case "pending":
      return `Отправляем код ${place}`;
    case "sent":
      return `Код отправлен клиенту ${place}`;
    case "delivered":
      return `Код отправлен клиенту ${place} и доставлен`;
    case "unknown":
      return `Код отправлен клиенту ${place}, но ответа о доставке нет`;
    case "failed":
      return "Код не удалось отправить";
  }
}

/** Whether a manager has to do something. */
export function deliveryFailed(delivery: CodeDelivery | null | undefined): boolean {
  return delivery?.state === "failed";
}
