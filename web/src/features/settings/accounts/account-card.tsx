import { useState } from "react";

import type { Account, Bot } from "@/entities/conversations/queries";
import type { SchemaAccountChanges } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Switch } from "@/shared/ui/form/switch";
import { Fact, Facts } from "@/shared/ui/layout/panel";
import { Confirm } from "@/shared/ui/overlay/confirm";

import { useMayChange } from "../may-change";
import { useConnectionWrite } from "../use-connection-write";
import { AccountForm } from "./account-form";
import { STATUSES } from "./account-rules";

interface Props {
  account: Account;
  bots: Bot[];
}

export function AccountCard({ account, bots }: Props) {
  const { label, tone, what } = STATUSES[account.status];
  const bot = bots.find((one) => one.id === account.bot_id);
  const reason = account.status_reason ?? what;
  return (
    <li className="grid gap-3 rounded-xl border border-line p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold wrap-anywhere">{account.name}</h3>
        <Badge tone={tone}>{label}</Badge>
      </div>
      {account.status !== "active" && <Notice kind="danger">{reason}</Notice>}
      {account.webhook_last_error !== null && (
        <Notice kind="warn" title="Avito не может передать нам сообщения сразу">
          <p>{account.webhook_last_error}</p>
          <p>Сообщения всё равно приходят: мы проверяем чаты сами, только позже.</p>
        </Notice>
      )}
      <Facts>
        <Fact name="Client ID">{account.api_client_id}</Fact>
        <Fact name="Бот">{bot === undefined ? "не найден" : `@${bot.bot_username}`}</Fact>
        <Fact name="Новые сообщения">
          {account.webhook_enabled
            ? "приходят сразу (webhook подключён)"
            : "проверяем сами (webhook не подключён)"}
        </Fact>
      </Facts>
      {useMayChange() ? (
        <Actions account={account} bots={bots} />
      ) : (
        !account.monitoring_enabled && <Notice kind="info">Приём сообщений выключен.</Notice>
      )}
    </li>
  );
}

function Actions({ account, bots }: Props) {
  const [open, setOpen] = useState<"change" | "remove">();
  const close = () => setOpen(undefined);
  const path = { account_id: account.id };
  const monitoring = useConnectionWrite<boolean, Account>(
    "accounts",
    (on, key) => {
      const body: Partial<SchemaAccountChanges> = { monitoring_enabled: on };
      return ask(
        api.PATCH("/api/avito/accounts/{account_id}", {
          params: { path, header: { "Idempotency-Key": key } },
          body,
        }),
      );
    },
    { done: "Аккаунт изменён" },
  );
  const remove = useConnectionWrite<undefined, unknown>(
    "accounts",
    () => ask(api.DELETE("/api/avito/accounts/{account_id}", { params: { path } })),
    { done: "Аккаунт отключён", success: close },
  );
  return (
    <>
      <Switch
        label="Принимать сообщения"
        hint="Выключите, чтобы на время не переносить переписку этого аккаунта."
        checked={monitoring.isPending ? monitoring.variables?.values === true : account.monitoring_enabled}
        disabled={monitoring.isPending}
        onChange={(on) => monitoring.send(on)}
      />
      {monitoring.error !== null && <Failure error={monitoring.error} />}
      <div className="flex flex-wrap gap-2">
        <Button look="secondary" onClick={() => setOpen("change")}>
          Изменить
        </Button>
        <Button look="quiet" className="text-danger" onClick={() => setOpen("remove")}>
          Удалить
        </Button>
      </div>
      <AccountForm open={open === "change"} account={account} bots={bots} onClose={close} />
      <Confirm
        open={open === "remove"}
        title={`Удалить аккаунт «${account.name}»?`}
        action="Удалить аккаунт"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.send(undefined)}
        onClose={close}
      >
        <p>Новые сообщения покупателей перестанут приходить, и ответить им отсюда будет нельзя.</p>
        <p>Прежняя переписка останется для чтения.</p>
      </Confirm>
    </>
  );
}
