import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { contractsQuery } from "@/entities/clients/contracts";
import type { SchemaCardDevice } from "@/shared/api/generated/schema";
import { api, askWhole, nextCursor } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";
import { dayName } from "@/shared/lib/days";
import { plural, time } from "@/shared/lib/format";
import { useNow } from "@/shared/lib/now";
import { Loading } from "@/shared/ui/feedback/loading";
import { More } from "@/shared/ui/feedback/more";
import { Failure } from "@/shared/ui/feedback/notice";
import { Part } from "@/shared/ui/layout/panel";

import { byDay, noteOf, type Line, type Names } from "./timeline-rules";

const MINUTE = 60_000;
const FIRST: string | undefined = undefined;

interface Props {
  clientId: string;
  devices: readonly SchemaCardDevice[];
}

/** History of the client, newest first. */
export function Timeline({ clientId, devices }: Props) {
  const history = useHistory(clientId);
  const names = useNames(clientId, devices);
  const now = useNow(MINUTE);
  const days = byDay(history.data?.pages.flatMap((page) => page.entries) ?? []);
  return (
    <Part title="История">
      {history.isPending && <Loading rows={2} />}
      {days.map(({ day, lines }) => (
        <div key={day} className="grid gap-2">
          <h3 className="text-sm font-semibold text-ink-soft">{dayName(day, now)}</h3>
          <ol className="grid gap-3">
            {lines.map((line) => (
              <Row key={line.entry.id} line={line} names={names} />
            ))}
          </ol>
        </div>
      ))}
      {history.isError && !history.isFetchNextPageError && (
        <Failure error={history.error} retry={history.refetch} />
      )}
      {history.hasNextPage && (
        <More
          busy={history.isFetchingNextPage}
          error={history.isFetchNextPageError ? history.error : null}
          onMore={() => void history.fetchNextPage()}
        />
      )}
    </Part>
  );
}

function Row({ line: { entry, times }, names }: { line: Line; names: Names }) {
  const note = noteOf(entry, names);
  return (
    <li className="grid grid-cols-[3rem_minmax(0,1fr)] gap-x-2">
      <time dateTime={entry.at} className="text-sm leading-6 text-ink-soft tabular-nums">
        {time(entry.at)}
      </time>
      <div className="min-w-0">
        <p className="wrap-anywhere">
          {entry.title}
          {times > 1 && (
            <span className="text-ink-soft">
              {" "}
              · {times} {plural(times, "раз", "раза", "раз")} за день
            </span>
          )}
        </p>
        {note !== undefined && <p className="text-sm wrap-anywhere">{note}</p>}
        <p className="text-sm wrap-anywhere text-ink-soft">{whoDid(entry.actor)}</p>
      </div>
    </li>
  );
}

function whoDid({ kind, name }: Line["entry"]["actor"]): string {
  if (kind === "client") return "Клиент";
  return name ?? "Менеджер";
}

function useHistory(clientId: string) {
  return useInfiniteQuery({
    queryKey: keys.history(clientId),
    queryFn: async ({ pageParam, signal }) => {
      const { data, headers } = await askWhole(
        api.GET("/api/manager/clients/{client_id}/history", {
          params: {
            path: { client_id: clientId },
            query: pageParam === undefined ? {} : { cursor: pageParam },
          },
          signal,
        }),
      );
      return { entries: data, next: nextCursor(headers) };
    },
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next,
  });
}

/** Names of the ids in the details of entries. */
function useNames(clientId: string, devices: readonly SchemaCardDevice[]): Names {
  const contracts = useQuery(contractsQuery(clientId)).data?.versions ?? [];
  return new Map([
    ...devices.map(({ id, title }) => [id, title] as const),
    ...contracts.map(({ id, number }) => [id, number] as const),
  ]);
}
