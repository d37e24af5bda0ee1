import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { accountsQuery } from "@/entities/conversations/queries";
import { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/button";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure } from "@/shared/ui/feedback/notice";

import { readOn, threadQuery } from "../queries";
import { useOutbox } from "../reply/outbox";
import { Footer } from "./footer";
import { Messages } from "./messages";
import { ThreadHeader } from "./thread-header";

export function Thread({ conversationId }: { conversationId: string }) {
  const thread = useInfiniteQuery(threadQuery(conversationId));
  const accounts = useQuery(accountsQuery).data;
  const outbox = useOutbox(conversationId);
  const conversation = thread.data?.pages[0]?.dialog;

  if (thread.data === undefined || conversation === undefined) {
    return thread.isError ? (
      <Unreadable error={thread.error} retry={thread.refetch} />
    ) : (
      <Loading rows={5} className="p-4" />
    );
  }
  const messages = thread.data.pages.toReversed().flatMap((page) => page.messages);
  const account = accounts?.find((one) => one.id === conversation.avito_account_id);
  return (
    <section aria-label="Диалог" className="flex h-full min-h-0 flex-col">
      <ThreadHeader conversation={conversation} account={account?.name} />
      <Messages
        conversation={conversation}
        messages={messages}
        outbox={outbox}
        earlier={{
          there: thread.hasNextPage,
          busy: thread.isFetchingNextPage,
          error: thread.isFetchNextPageError ? thread.error : null,
          read: () => void readOn(thread),
        }}
      />
      <Footer
        conversation={conversation}
        account={account}
        cutOff={accounts !== undefined && account === undefined}
        failed={messages.some((one) => one.direction === "telegram" && one.status === "failed")}
        missing={messages.some(({ attachments }) => attachments.some((file) => file.missing))}
        outbox={outbox}
      />
    </section>
  );
}

function Unreadable({ error, retry }: { error: unknown; retry: () => unknown }) {
  const search = useSearch({ from: "/inside/conversations" });
  const nowhere = error instanceof Problem && error.missing;
  return (
    <div className="grid justify-items-start gap-3 p-4">
      <Failure error={error} {...(!nowhere && { retry })} className="w-full" />
      <Button asChild look="secondary">
        <Link to="/conversations" search={search}>
          К списку диалогов
        </Link>
      </Button>
    </div>
  );
}
