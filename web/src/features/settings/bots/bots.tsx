import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";

import { botsQuery } from "@/entities/conversations/queries";
import { Button } from "@/shared/ui/button";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";
import { Part } from "@/shared/ui/layout/panel";

import { useMayChange } from "../may-change";
import { BotCard } from "./bot-card";
import { BotForm } from "./bot-form";
import { BotHelp } from "./bot-help";

/** Telegram bots through which managers answer. */
export function Bots() {
  const mayChange = useMayChange();
  const [adding, setAdding] = useState(false);
  const { data: bots, error, refetch } = useQuery(botsQuery);
  return (
    <Part
      title="Боты Telegram"
      action={
        mayChange && (
          <Button look="secondary" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            Подключить бота
          </Button>
        )
      }
    >
      <p className="text-sm text-ink-soft">
        Бот переносит сообщения с Avito в группу Telegram: каждый диалог — отдельная тема.
      </p>
      {bots === undefined &&
        (error === null ? <Loading rows={1} /> : <Failure error={error} retry={refetch} />)}
      {bots?.length === 0 && <p className="text-ink-soft">Ботов пока нет. Подключите первого.</p>}
      {bots !== undefined && bots.length > 0 && (
        <ul aria-label="Боты" className="grid gap-3">
          {bots.map((bot) => (
            <BotCard key={bot.id} bot={bot} />
          ))}
        </ul>
      )}
      <BotHelp />
      <BotForm open={adding} onClose={() => setAdding(false)} />
    </Part>
  );
}
