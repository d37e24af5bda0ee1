import { useState } from "react";

import type { Bot } from "@/entities/conversations/queries";
import type { SchemaBotChanges } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import { moment } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Switch } from "@/shared/ui/form/switch";
import { Fact, Facts } from "@/shared/ui/layout/panel";
import { Confirm } from "@/shared/ui/overlay/confirm";

import { useMayChange } from "../may-change";
import { useConnectionWrite } from "../use-connection-write";
import { BotForm } from "./bot-form";
import { STATUSES } from "./bot-rules";

export function BotCard({ bot }: { bot: Bot }) {
  const { label, tone } = STATUSES[bot.status];
  return (
    <li className="grid gap-3 rounded-xl border border-line p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold wrap-anywhere">@{bot.bot_username}</h3>
        <Badge tone={tone}>{label}</Badge>
      </div>
      {bot.status_reason !== null && <Notice kind="danger">{bot.status_reason}</Notice>}
      {bot.status === "active" && bot.failing_since !== null && (
        <Notice kind="warn" title={`Telegram не отвечает с ${moment(bot.failing_since)}`}>
          Темы отстают. Сообщения покупателей видны в «Переписке», и отвечать можно оттуда.
        </Notice>
      )}
      {bot.webhook_last_error !== null && (
        <Notice kind="warn" title="Telegram не может передать нам сообщения">
          {bot.webhook_last_error}
        </Notice>
      )}
      <Facts>
        <Fact name="Группа">{bot.group_chat_id ?? "не указана: диалоги пока некуда переносить"}</Fact>
      </Facts>
      {useMayChange() && <Actions bot={bot} />}
    </li>
  );
}

function Actions({ bot }: { bot: Bot }) {
  const [open, setOpen] = useState<"change" | "remove">();
  const close = () => setOpen(undefined);
  const path = { bot_id: bot.id };
  const webhook = useConnectionWrite<undefined, Bot>(
    "bots",
    () => ask(api.POST("/api/bots/{bot_id}/webhook", { params: { path } })),
    { done: "Webhook поставлен заново" },
  );
  const status = useConnectionWrite<boolean, Bot>(
    "bots",
    (on, key) => {
      const body: Partial<SchemaBotChanges> = { status: on ? "active" : "inactive" };
      return ask(
        api.PATCH("/api/bots/{bot_id}", {
          params: { path, header: { "Idempotency-Key": key } },
          body,
        }),
      );
    },
    { done: "Бот изменён" },
  );
  const remove = useConnectionWrite<undefined, unknown>(
    "bots",
    () => ask(api.DELETE("/api/bots/{bot_id}", { params: { path } })),
    { done: "Бот отключён", success: close },
  );
  const failure = webhook.error ?? status.error;
  return (
    <>
      <Switch
        label="Бот включён"
        hint="Выключенный бот ничего не переносит; сообщения подождут."
        checked={status.isPending ? status.variables?.values === true : bot.status !== "inactive"}
        disabled={status.isPending}
        onChange={(on) => status.send(on)}
      />
      {failure !== null && <Failure error={failure} />}
      <div className="flex flex-wrap gap-2">
        <Button look="secondary" onClick={() => setOpen("change")}>
          Изменить
        </Button>
        <Button look="secondary" busy={webhook.isPending} onClick={() => webhook.send(undefined)}>
          Поставить webhook заново
        </Button>
        <Button look="quiet" className="text-danger" onClick={() => setOpen("remove")}>
          Удалить
        </Button>
      </div>
      <BotForm open={open === "change"} bot={bot} onClose={close} />
      <Confirm
        open={open === "remove"}
        title={`Удалить бота @${bot.bot_username}?`}
        action="Удалить бота"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.send(undefined)}
        onClose={close}
      >
        <p>Бот перестанет переносить сообщения. Переписка, которая уже есть, останется.</p>
      </Confirm>
    </>
  );
}
