import { Link } from "@tanstack/react-router";

import { hasTeam, TABS, type Asked, type Scope, type Tab } from "@/entities/clients/list";
import type { SchemaClientCounts } from "@/shared/api/generated/schema";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/feedback/empty";

import { LABELS, searchOf } from "./tabs";

const WORDS: Record<Tab, { title: string; why: string }> = {
  new: {
    title: "Новых клиентов нет",
    why: "Они появятся здесь сами, как только зарегистрируются.",
  },
  in_work: {
    title: "В работе никого нет",
    why: "Откройте клиента из «Новых» и сохраните его контактные данные: он станет вашим.",
  },
  processed: {
    title: "Обработанных пока нет",
    why: "Сюда попадают ваши клиенты, которые подписали договор и оплатили счёт.",
  },
  mine: {
    title: "У вас пока нет клиентов",
    why: "Откройте клиента из «Новых» и сохраните его контактные данные: он станет вашим.",
  },
};

const TEAM_WORDS = {
  title: "У команды здесь никого нет",
  why: "Здесь стоят клиенты всех менеджеров, и ваши тоже.",
};

/** Empty list with its reason and where to go next. */
export function EmptyList({
  asked: { tab, scope, query },
  counts,
  onShowAll,
}: {
  asked: Asked;
  counts: SchemaClientCounts | undefined;
  onShowAll: () => void;
}) {
  const elsewhere = TABS.filter((other) => other !== tab && (counts?.[other] ?? 0) > 0);
  if (query !== "") {
    return (
      <Empty title="Никого не нашли">
        <p>
          {elsewhere.length > 0
            ? "В этом списке таких клиентов нет, но есть в других:"
            : "Проверьте, как написано, или попробуйте часть имени, телефона, адреса."}
        </p>
        <div className="mt-4 flex flex-wrap justify-center gap-2">
          {elsewhere.map((other) => (
            <Other key={other} tab={other} scope={scope} count={counts?.[other]} />
          ))}
          <Button look="quiet" onClick={onShowAll}>
            Показать всех
          </Button>
        </div>
      </Empty>
    );
  }
  const { title, why } = scope === "team" && hasTeam(tab) ? TEAM_WORDS : WORDS[tab];
  return (
    <Empty title={title}>
      <p>{why}</p>
      {tab !== "new" && (counts?.new ?? 0) > 0 && (
        <div className="mt-4">
          <Other tab="new" scope={scope} count={counts?.new} />
        </div>
      )}
    </Empty>
  );
}

function Other({ tab, scope, count }: { tab: Tab; scope: Scope; count: number | undefined }) {
  return (
    <Button look="secondary" asChild>
      <Link to="/clients" search={searchOf(tab, scope)} replace>
        {LABELS[tab]}: {count}
      </Link>
    </Button>
  );
}
