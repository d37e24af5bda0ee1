import { dayOf } from "@/shared/lib/days";
import { moment, time } from "@/shared/lib/format";

const DAY = 86_400_000;

/** The time for today, «вчера», otherwise the day. */
export function shortMoment(at: string, now: number): string {
  const day = dayOf(at);
  if (day === dayOf(now)) return time(at);
  if (day === dayOf(now - DAY)) return "вчера";
  return moment(at).replace(/[,\s]+(в\s+)?\d{2}:\d{2}$/, "");
}

interface Day<One> {
  day: string;
  messages: One[];
}

/** Keeps the order of messages; a day repeats when clocks differ. */
export function byDay<One extends { created_at: string }>(messages: readonly One[]): Day<One>[] {
  const days: Day<One>[] = [];
  for (const message of messages) {
    const day = dayOf(message.created_at);
    const last = days.at(-1);
    if (last?.day === day) last.messages.push(message);
    else days.push({ day, messages: [message] });
  }
  return days;
}
