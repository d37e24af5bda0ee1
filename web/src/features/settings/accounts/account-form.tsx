import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";

import type { Account, Bot } from "@/entities/conversations/queries";
import type { SchemaAccountChanges } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Field } from "@/shared/ui/form/field";
import { Input, Select } from "@/shared/ui/form/input";
import { Modal } from "@/shared/ui/overlay/modal";

import { showFieldErrors } from "../show-field-errors";
import { useConnectionWrite } from "../use-connection-write";
import { accountChanges, newAccount, type NewAccountValues } from "./account-rules";

interface Props {
  open: boolean;
  /** The account to change; absent when connecting a new one. */
  account?: Account;
  bots: Bot[];
  onClose: () => void;
}

export function AccountForm({ open, account, bots, onClose }: Props) {
  return (
    <Modal open={open} title={account === undefined ? "Подключить аккаунт" : account.name} onClose={onClose}>
      <Fields {...(account !== undefined && { account })} bots={bots} onDone={onClose} />
    </Modal>
  );
}

const FIELDS = ["name", "api_client_id", "api_client_secret", "bot_id"] as const;

function Fields({ account, bots, onDone }: { account?: Account; bots: Bot[]; onDone: () => void }) {
  const { register, formState, handleSubmit, setError } = useForm<NewAccountValues>({
    resolver: zodResolver(account === undefined ? newAccount : accountChanges(account.api_client_id)),
    defaultValues: {
      name: account?.name ?? "",
      api_client_id: account?.api_client_id ?? "",
      api_client_secret: "",
      bot_id: account?.bot_id ?? bots[0]?.id ?? "",
    },
  });
  const { errors } = formState;
  const write = useConnectionWrite<NewAccountValues, Account>(
    "accounts",
    (values, key) => (account === undefined ? connect(values, key) : change(account, values, key)),
    {
      done: account === undefined ? "Аккаунт подключён" : "Аккаунт изменён",
      success: onDone,
      failure: (problem) => showFieldErrors<NewAccountValues>(problem, FIELDS, setError),
    },
  );
  const placed = FIELDS.some((field) => write.error?.field(field) !== undefined);

  return (
    <form noValidate className="grid gap-4" onSubmit={handleSubmit((values) => write.send(values))}>
      <Field label="Название" optional hint="Как аккаунт называется у вас." error={errors.name?.message}>
        <Input autoComplete="off" {...register("name")} />
      </Field>
      <Field label="Client ID" error={errors.api_client_id?.message}>
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} {...register("api_client_id")} />
      </Field>
      <Field
        label={account === undefined ? "Client Secret" : "Новый Client Secret"}
        optional={account !== undefined}
        hint={
          account === undefined
            ? "Мы проверим ключ у Avito и больше нигде его не покажем."
            : "Оставьте пустым, чтобы не менять."
        }
        error={errors.api_client_secret?.message}
      >
        <Input type="password" autoComplete="off" spellCheck={false} {...register("api_client_secret")} />
      </Field>
      <Field label="Бот Telegram" error={errors.bot_id?.message}>
        <Select {...register("bot_id")}>
          {bots.map((bot) => (
            <option key={bot.id} value={bot.id}>
              @{bot.bot_username}
            </option>
          ))}
        </Select>
      </Field>
      {write.error !== null && !placed && <Failure error={write.error} />}
      <Button type="submit" busy={write.isPending} className="sm:justify-self-end">
        {account === undefined ? "Подключить" : "Сохранить"}
      </Button>
    </form>
  );
}

function connect({ name, ...values }: NewAccountValues, key: string): Promise<Account> {
  return ask(
    api.POST("/api/avito/accounts", {
      params: { header: { "Idempotency-Key": key } },
      body: { ...values, name: name || null, monitoring_enabled: true },
    }),
  );
}

function change(account: Account, values: NewAccountValues, key: string): Promise<Account> {
  const body: Partial<SchemaAccountChanges> = {
    name: values.name || null,
    bot_id: values.bot_id,
    ...(values.api_client_id !== account.api_client_id && { api_client_id: values.api_client_id }),
    ...(values.api_client_secret !== "" && { api_client_secret: values.api_client_secret }),
  };
  return ask(
    api.PATCH("/api/avito/accounts/{account_id}", {
      params: { path: { account_id: account.id }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
}
