import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";

import type { Bot } from "@/entities/conversations/queries";
import type { SchemaBotChanges } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";
import { Modal } from "@/shared/ui/overlay/modal";

import { showFieldErrors } from "../show-field-errors";
import { useConnectionWrite } from "../use-connection-write";
import { botChanges, newBot, type NewBotValues } from "./bot-rules";

interface Props {
  open: boolean;
  /** The bot to change; absent when connecting a new one. */
  bot?: Bot;
  onClose: () => void;
}

export function BotForm({ open, bot, onClose }: Props) {
  return (
    <Modal
      open={open}
      title={bot === undefined ? "Подключить бота" : `Бот @${bot.bot_username}`}
      onClose={onClose}
    >
      <Fields {...(bot !== undefined && { bot })} onDone={onClose} />
    </Modal>
  );
}

const FIELDS = ["token", "group_chat_id"] as const;

function Fields({ bot, onDone }: { bot?: Bot; onDone: () => void }) {
  const { register, formState, handleSubmit, setError } = useForm<NewBotValues>({
    resolver: zodResolver(bot === undefined ? newBot : botChanges),
    defaultValues: { token: "", group_chat_id: String(bot?.group_chat_id ?? "") },
  });
  const { errors } = formState;
  const write = useConnectionWrite<NewBotValues, Bot>(
    "bots",
    (values, key) => (bot === undefined ? connect(values, key) : change(bot.id, values, key)),
    {
      done: bot === undefined ? "Бот подключён" : "Бот изменён",
      success: onDone,
      failure: (problem) => showFieldErrors<NewBotValues>(problem, FIELDS, setError),
    },
  );
  const placed = FIELDS.some((field) => write.error?.field(field) !== undefined);

  return (
    <form noValidate className="grid gap-4" onSubmit={handleSubmit((values) => write.send(values))}>
      <Field
        label={bot === undefined ? "Токен бота" : "Новый токен"}
        optional={bot !== undefined}
        hint={
          bot === undefined
            ? "Его выдаёт @BotFather. Мы проверим токен и больше нигде его не покажем."
            : "Оставьте пустым, чтобы не менять."
        }
        error={errors.token?.message}
      >
        <Input type="password" autoComplete="off" spellCheck={false} {...register("token")} />
      </Field>
      <Field
        label="Id группы"
        optional
        hint="Его покажет команда /getid в группе. Можно указать позже."
        error={errors.group_chat_id?.message}
      >
        <Input autoComplete="off" spellCheck={false} {...register("group_chat_id")} />
      </Field>
      {write.error !== null && !placed && <Failure error={write.error} />}
      <Button type="submit" busy={write.isPending} className="sm:justify-self-end">
        {bot === undefined ? "Подключить" : "Сохранить"}
      </Button>
    </form>
  );
}

function connect({ token, group_chat_id: group }: NewBotValues, key: string): Promise<Bot> {
  return ask(
    api.POST("/api/bots", {
      params: { header: { "Idempotency-Key": key } },
      body: { token, group_chat_id: group === "" ? null : group, topic_mode: "per_dialog" },
    }),
  );
}

function change(id: string, { token, group_chat_id: group }: NewBotValues, key: string): Promise<Bot> {
  const body: Partial<SchemaBotChanges> = {
    group_chat_id: group === "" ? null : group,
    ...(token !== "" && { token }),
  };
  return ask(
    api.PATCH("/api/bots/{bot_id}", {
      params: { path: { bot_id: id }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
}
