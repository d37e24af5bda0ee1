import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";

import { accountsQuery, botsQuery } from "@/entities/conversations/queries";
import { Button } from "@/shared/ui/button";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Part } from "@/shared/ui/layout/panel";

import { useMayChange } from "../may-change";
import { AccountCard } from "./account-card";
import { AccountForm } from "./account-form";
import { AccountHelp } from "./account-help";

/** Connected Avito accounts and their state. */
export function Accounts() {
  const mayChange = useMayChange();
  const [adding, setAdding] = useState(false);
  const { data: accounts, error, refetch } = useQuery(accountsQuery);
  const bots = useQuery(botsQuery).data;
  const botless = bots?.length === 0;
  return (
    <Part
      title="Аккаунты Avito"
      action={
        mayChange &&
        !botless && (
          <Button look="secondary" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            Подключить аккаунт
          </Button>
        )
      }
    >
      {botless && (
        <Notice kind="info">
          Сначала{" "}
          <Link to="/settings" search={{ section: "bots" }} className="font-medium underline">
            подключите бота Telegram
          </Link>
          : через него идёт переписка.
        </Notice>
      )}
      {accounts === undefined &&
        (error === null ? <Loading rows={1} /> : <Failure error={error} retry={refetch} />)}
      {accounts?.length === 0 && <p className="text-ink-soft">Аккаунтов пока нет.</p>}
      {accounts !== undefined && accounts.length > 0 && (
        <ul aria-label="Аккаунты Avito" className="grid gap-3">
          {accounts.map((account) => (
            <AccountCard key={account.id} account={account} bots={bots ?? []} />
          ))}
        </ul>
      )}
      <AccountHelp />
      <AccountForm open={adding} bots={bots ?? []} onClose={() => setAdding(false)} />
    </Part>
  );
}
