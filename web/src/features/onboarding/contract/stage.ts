import type { CodeChannel, CodeDelivery } from "@/entities/clients/card";
import type { Step } from "@/entities/clients/status";
import { visible } from "@/shared/lib/typed";

/** Stages of page 4, in order. */
export type Stage = "missing" | "tariff" | "generate" | "signature" | "payment" | "done";

const STAGES: Record<Step, Stage> = {
  profile: "missing",
  passport: "missing",
  devices: "missing",
  tariff: "tariff",
  contract: "generate",
  signature: "signature",
  payment: "payment",
  done: "done",
};

export function stageOf(step: Step): Stage {
  return STAGES[step];
}

/** State of a code, as in `GET …/contracts`. */
export interface CodeFacts {
  state: "active" | "expired" | "locked" | "used";
  sent_at: string;
  expires_at: string;
  tries_left: number;
}

export type CodeStatus =
  | { kind: "none" }
  | { kind: "active"; secondsLeft: number; triesLeft: number }
  | { kind: "expired" }
  | { kind: "locked" };

/** Status of a code at `now` (ms). It expires on screen without a request. */
export function codeStatus(code: CodeFacts | null, now: number): CodeStatus {
  if (code === null || code.state === "used") return { kind: "none" };
  if (code.state === "locked") return { kind: "locked" };
  const secondsLeft = Math.ceil((Date.parse(code.expires_at) - now) / 1000);
  if (code.state === "expired" || secondsLeft <= 0) return { kind: "expired" };
  return { kind: "active", secondsLeft, triesLeft: code.tries_left };
}

const WAYS: Record<CodeChannel, string> = {
  support_chat: "клиенту в чат поддержки",
  sms: "по SMS",
  telegram: "в Telegram",
  mail: "на почту",
};

/** What to say of the way of a code; `undefined` of a delivery is that of an earlier release: into the chat. */
export function codeWay(delivery: CodeDelivery | null | undefined): { title: string; trouble?: string } {
  if (delivery == null) return { title: `Код отправлен ${WAYS.support_chat}` };
  if (delivery.hint !== null)
    return {
      title: delivery.state === "unknown" ? "Неизвестно, дошёл ли код" : "Код не отправлен",
      trouble: delivery.hint,
    };
  const way = delivery.channel === null ? "" : ` ${WAYS[delivery.channel]}`;
  const to = delivery.to === null ? "" : `: ${delivery.to}`;
  if (delivery.state === "pending") return { title: "Код отправляется" };
  if (delivery.state === "delivered" && delivery.channel !== "support_chat")
    return { title: `Код доставлен${way}${to}` };
  return { title: `Код отправлен${way}${to}` };
}

/** Seconds until a new code may be sent. */
export function coolDown(sentAt: string | null, resendSeconds: number, now: number): number {
  if (sentAt === null) return 0;
  const passed = Math.max(0, (now - Date.parse(sentAt)) / 1000);
  return Math.max(0, Math.ceil(resendSeconds - passed));
}

/** The code in what was typed or pasted, also in a whole message; anything else stays, so that it can be refused. */
export function codeOf(typed: string): string {
  const text = visible(typed);
  if (/^[\d\s-]*$/.test(text)) return text.replaceAll(/\D/g, "");
  const found = (text.match(/\d+/g) ?? []).filter((digits) => digits.length === 6);
  return found.length === 1 ? (found[0] ?? text) : text;
}
