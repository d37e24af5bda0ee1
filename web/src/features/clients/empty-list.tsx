import { Link } from "@tanstack/react-router";

import { TABS, type Tab } from "@/entities/clients/list";
import type { SchemaClientCounts } from "@/shared/api/generated/schema";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/feedback/empty";

import { LABELS } from "./tabs";

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

/** Empty list with its reason and where to go next. */
export function EmptyList({
  tab,
  query,
  counts,
  onShowAll,
}: {
  tab: Tab;
  query: string;
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
            <Other key={other} tab={other} count={counts?.[other]} />
          ))}
          <Button look="quiet" onClick={onShowAll}>
            Показать всех
          </Button>
        </div>
      </Empty>
    );
  }
  return (
    <Empty title={WORDS[tab].title}>
      <p>{WORDS[tab].why}</p>
      {tab !== "new" && (counts?.new ?? 0) > 0 && (
        <div className="mt-4">
          <Other tab="new" count={counts?.new} />
        </div>
      )}
    </Empty>
  );
}

function Other({ tab, count }: { tab: Tab; count: number | undefined }) {
  return (
    <Button look="secondary" asChild>
      <Link to="/clients" search={{ tab }} replace>
        {LABELS[tab]}: {count}
      </Link>
    </Button>
  );
}
