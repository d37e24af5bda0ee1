import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { colleaguesQuery, holderOf } from "@/entities/clients/card";
import { hasTeam, type Asked, type Row } from "@/entities/clients/list";
import { openedList } from "@/entities/clients/opened-list";
import { useMe } from "@/shared/api/me";
import { keys } from "@/shared/api/queries";
import { useDebounced } from "@/shared/lib/debounced";
import { useNow } from "@/shared/lib/now";
import { Loading } from "@/shared/ui/feedback/loading";
import { More } from "@/shared/ui/feedback/more";
import { Failure } from "@/shared/ui/feedback/notice";
import { QuickSearch } from "@/shared/ui/form/quick-search";
import { Page } from "@/shared/ui/layout/page";

import { EmptyList } from "./empty-list";
import { PullIndicator } from "./pull-indicator";
import { ClientRow } from "./row";
import { ScopeSwitch } from "./scope-switch";
import { LABELS, Tabs } from "./tabs";
import { TrailBreaks } from "./trail-breaks";
import { useFocusOnReturn } from "./use-focus-on-return";
import { useCounts, useList, useRemembered } from "./use-list";
import { usePull } from "./use-pull";
import { useRowKeys } from "./use-row-keys";

const TYPING = 150;

export function ListScreen() {
  const queries = useQueryClient();
  const { tab = "new", scope = "mine" } = useSearch({ from: "/inside/clients" });
  const [typed, setTyped] = useState(() => openedList()?.query ?? "");
  const query = useDebounced(typed.trim(), TYPING);
  const counts = useCounts(scope, query);
  const area = useRef<HTMLDivElement>(null);
  useRowKeys(area);
  useFocusOnReturn(area);
  const pull = usePull(() => queries.invalidateQueries({ queryKey: keys.clients }));

  return (
    <Page title="Клиенты">
      <PullIndicator {...pull} />
      <TrailBreaks />
      <Tabs open={tab} scope={scope} counts={counts} />
      <div ref={area} className="grid grid-cols-1 gap-4 pb-20 md:pb-0">
        <QuickSearch
          label="Поиск клиентов"
          placeholder="Имя, телефон, адрес"
          value={typed}
          onChange={setTyped}
        />
        {hasTeam(tab) && <ScopeSwitch tab={tab} scope={scope} />}
        <List key={`${tab}/${scope}`} asked={{ tab, scope, query }} onShowAll={() => setTyped("")} />
      </div>
    </Page>
  );
}

function List({ asked, onShowAll }: { asked: Asked; onShowAll: () => void }) {
  const list = useList(asked);
  const counts = useCounts(asked.scope, asked.query);
  useRemembered(asked, list);
  const { rows, error, hasNextPage, isFetchingNextPage, isFetchNextPageError } = list;

  if (rows === undefined) {
    return error === null ? <Loading rows={6} /> : <Failure error={error} retry={list.refetch} />;
  }
  if (rows.length === 0) return <EmptyList asked={asked} counts={counts} onShowAll={onShowAll} />;
  return (
    <section aria-label={LABELS[asked.tab]} aria-busy={list.isPlaceholderData}>
      <Rows rows={rows} team={asked.scope === "team" && hasTeam(asked.tab)} />
      {hasNextPage && (
        <More
          busy={isFetchingNextPage}
          error={isFetchNextPageError ? error : null}
          onMore={() => void list.fetchNextPage({ cancelRefetch: false })}
        />
      )}
    </section>
  );
}

/** `team`: every row says who holds the client; otherwise only a row that a colleague has taken meanwhile. */
function Rows({ rows, team }: { rows: Row[]; team: boolean }) {
  const now = useNow(30_000);
  const me = useMe();
  const foreign = (row: Row) => row.assigned_manager_id !== null && row.assigned_manager_id !== me.id;
  const colleagues = useQuery({ ...colleaguesQuery, enabled: rows.some(foreign) }).data;
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
      {rows.map((row) => (
        <ClientRow
          key={row.id}
          row={row}
          now={now}
          holder={team || foreign(row) ? holderOf(row.assigned_manager_id, me.id, colleagues) : undefined}
        />
      ))}
    </ul>
  );
}
