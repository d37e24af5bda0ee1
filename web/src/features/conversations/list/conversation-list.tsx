import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";

import { useDebounced } from "@/shared/lib/debounced";
import { useNow } from "@/shared/lib/now";
import { uniqueById } from "@/shared/lib/unique-by-id";
import { Loading } from "@/shared/ui/feedback/loading";
import { More } from "@/shared/ui/feedback/more";
import { Failure } from "@/shared/ui/feedback/notice";

import type { Search } from "../filters";
import { conversationsQuery, readOn } from "../queries";
import { ConversationRow } from "./conversation-row";
import { EmptyList } from "./empty-list";
import { Filters } from "./filter-bar";
import { LaggingTopics } from "./lagging-topics";
import { useArrowKeys } from "./use-arrow-keys";

const TYPING = 200;
const MINUTE = 60_000;

export function ConversationList({ opened }: { opened: string | undefined }) {
  const search = useSearch({ from: "/inside/conversations" });
  const [typed, setTyped] = useState("");
  const query = useDebounced(typed.trim(), TYPING);
  return (
    <section aria-label="Список диалогов" className="flex h-full min-h-0 flex-col">
      <LaggingTopics />
      <Filters search={search} typed={typed} onType={setTyped} />
      <Found search={search} query={query} opened={opened} onForget={() => setTyped("")} />
    </section>
  );
}

interface FoundProps {
  search: Search;
  query: string;
  opened: string | undefined;
  onForget: () => void;
}

function Found({ search, query, opened, onForget }: FoundProps) {
  const now = useNow(MINUTE);
  const frame = useRef<HTMLDivElement>(null);
  const list = useInfiniteQuery({
    ...conversationsQuery({ ...search, query }),
    placeholderData: (before) => before,
  });
  const walk = useArrowKeys(frame);
  const conversations = list.data && uniqueById(list.data.pages.flatMap((page) => page.conversations));
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- arrow keys move between the links inside
    <div ref={frame} onKeyDown={walk} className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-4">
      {conversations === undefined && list.isError && (
        <Failure error={list.error} retry={list.refetch} className="m-4" />
      )}
      {conversations === undefined && !list.isError && <Loading rows={6} className="p-4" />}
      {conversations?.length === 0 && <EmptyList search={search} query={query} onForget={onForget} />}
      {conversations !== undefined && conversations.length > 0 && (
        <ul aria-busy={list.isPlaceholderData} className="divide-y divide-line border-b border-line">
          {conversations.map((conversation) => (
            <ConversationRow
              key={conversation.id}
              conversation={conversation}
              now={now}
              search={search}
              opened={conversation.id === opened}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <More
          frame={frame}
          busy={list.isFetchingNextPage}
          error={list.isFetchNextPageError ? list.error : null}
          onMore={() => void readOn(list)}
        />
      )}
    </div>
  );
}
