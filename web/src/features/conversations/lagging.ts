import type { Bot } from "@/entities/conversations/queries";
import { moment } from "@/shared/lib/format";

export interface Lag {
  bot: string;
  text: string;
}

/** Telegram that is away for less than this is not worth a word. */
const MOMENT = 60_000;

type Known = Pick<Bot, "bot_username" | "status" | "status_reason" | "failing_since">;

/** Why the topics of a bot are not up to date; undefined: they are, or somebody has switched the bot off. */
export function lagOf(bot: Known, now: number): Lag | undefined {
  const { bot_username: name, status, status_reason: reason, failing_since: since } = bot;
  if (status === "inactive") return undefined;
  if (status === "error")
    return { bot: name, text: `@${name}: ${reason ?? "бот не может работать в группе."}` };
  if (since === null || now - Date.parse(since) < MOMENT) return undefined;
  return { bot: name, text: `@${name}: Telegram не отвечает с ${moment(since)}.` };
}
