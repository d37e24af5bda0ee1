import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { botsQuery } from "@/entities/conversations/queries";
import { useNow } from "@/shared/lib/now";
import { Notice } from "@/shared/ui/feedback/notice";

import { lagOf } from "../lagging";

const MINUTE = 60_000;

/** Says once, above the list, that topics in Telegram are not up to date, and why. */
export function LaggingTopics() {
  const now = useNow(MINUTE);
  const bots = useQuery(botsQuery).data ?? [];
  const lags = bots.map((bot) => lagOf(bot, now)).filter((one) => one !== undefined);
  if (lags.length === 0) return null;
  return (
    <Notice kind="warn" title="Темы в Telegram отстают" className="m-3 mb-0">
      {lags.map(({ bot, text }) => (
        <p key={bot}>{text}</p>
      ))}
      <p>
        Сообщения покупателей видны здесь, и отвечать можно отсюда.{" "}
        <Link to="/settings" search={{ section: "bots" }} className="underline">
          Настройки бота
        </Link>
      </p>
    </Notice>
  );
}
