import { Link } from "@tanstack/react-router";

import type { SchemaConversationsNow, SchemaSummary } from "@/shared/api/generated/schema";
import { age } from "@/shared/lib/format";
import { useNow } from "@/shared/lib/now";
import { Button } from "@/shared/ui/button";

import { Tile } from "./tile";

const GRID = "grid grid-cols-2 gap-3 lg:grid-cols-4";

/** Conversations that need attention now. */
export function ConversationsNow({
  now: { open, unanswered, oldest_unanswered_at, pending, failed },
}: {
  now: SchemaConversationsNow;
}) {
  const now = useNow(30_000);
  return (
    <section aria-labelledby="figures-now" className="grid gap-3">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="figures-now" className="text-lg font-semibold">
          Переписка сейчас
        </h2>
        <Button look="quiet" size="small" className="-mx-3 min-h-11" asChild>
          <Link to="/conversations" search={{ show: "unanswered" }}>
            Переписка без ответа
          </Link>
        </Button>
      </header>
      <dl className={GRID}>
        <Tile
          name="Без ответа"
          value={unanswered}
          alarming={unanswered > 0}
          note={
            oldest_unanswered_at === null
              ? "все ответы даны"
              : `дольше всего ждут ${age(oldest_unanswered_at, now)}`
          }
        />
        <Tile name="Открытые диалоги" value={open} />
        <Tile name="Отправляются" value={pending} note="сообщения в пути" />
        <Tile
          name="Не отправлены"
          value={failed}
          alarming={failed > 0}
          note={failed > 0 ? "нужно отправить ещё раз" : "всё ушло"}
        />
      </dl>
    </section>
  );
}

/** Totals of the installation. */
export function Installation({ summary }: { summary: SchemaSummary }) {
  return (
    <section aria-labelledby="figures-all" className="grid gap-3">
      <h2 id="figures-all" className="text-lg font-semibold">
        Вся система
      </h2>
      <dl className={GRID}>
        <Tile name="Организации" value={summary.clients} />
        <Tile name="Сотрудники" value={summary.users} />
        <Tile name="Боты" value={summary.bots} />
        <Tile name="Аккаунты Avito" value={summary.avito_accounts} />
        <Tile name="Диалоги" value={summary.dialogs} />
        <Tile name="Сообщения за сутки" value={summary.messages_24h} />
        <Tile name="Автоответы за сутки" value={summary.auto_replies_24h} />
        <Tile name="Не отправлены за сутки" value={summary.failed_24h} alarming={summary.failed_24h > 0} />
      </dl>
    </section>
  );
}
