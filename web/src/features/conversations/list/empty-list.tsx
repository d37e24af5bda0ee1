import { Link } from "@tanstack/react-router";

import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/feedback/empty";

import type { Search, Show } from "../filters";

const TITLES: Record<Show, string> = {
  all: "Диалогов пока нет",
  unanswered: "Все покупатели получили ответ",
  failed: "Всё отправлено",
  stuck: "Темы в Telegram не отстают",
  closed: "Закрытых диалогов нет",
};

const HINTS: Record<Show, string> = {
  all: "Когда покупатель напишет на Avito, диалог появится здесь сам. Аккаунты Avito подключают в настройках.",
  unanswered: "Новые вопросы появятся здесь сами.",
  failed: "Если сообщение не дойдёт до Avito, диалог появится здесь.",
  stuck: "Если сообщение покупателя долго не появляется в теме Telegram, диалог будет здесь.",
  closed: "Закрыть диалог можно в нём самом, когда разговор окончен.",
};

interface Props {
  search: Search;
  query: string;
  onForget: () => void;
}

export function EmptyList({ search, query, onForget }: Props) {
  const show = search.show ?? "all";
  if (query !== "") {
    return (
      <Empty title="Ничего не нашлось">
        <p>Ищем по имени покупателя, объявлению, городу и номеру диалога.</p>
        <Button look="secondary" className="mt-3" onClick={onForget}>
          Сбросить поиск
        </Button>
      </Empty>
    );
  }
  return (
    <Empty title={TITLES[show]}>
      <p>{HINTS[show]}</p>
      {show === "all" && search.account === undefined && (
        <Button asChild look="secondary" className="mt-3">
          <Link to="/settings" search={{ section: "accounts" }}>
            Аккаунты Avito
          </Link>
        </Button>
      )}
    </Empty>
  );
}
