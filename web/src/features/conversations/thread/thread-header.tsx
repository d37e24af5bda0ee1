import { Link, useSearch } from "@tanstack/react-router";
import { ArrowLeft, ExternalLink } from "lucide-react";

import { hrefOf } from "@/shared/lib/links";
import { useNow } from "@/shared/lib/now";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";

import type { Conversation } from "../queries";
import { waiting } from "../wording";
import { ThreadMenu } from "./thread-menu";
import { useConversationAction } from "./use-action";

const MINUTE = 60_000;

export function ThreadHeader({
  conversation,
  account,
}: {
  conversation: Conversation;
  account: string | undefined;
}) {
  const search = useSearch({ from: "/inside/conversations" });
  const close = useConversationAction(conversation.id, "close", "Диалог закрыт");
  return (
    <header className="grid grid-cols-1 gap-1 border-b border-line py-2 safe-x">
      <div className="flex items-center gap-1">
        <Button asChild look="quiet" size="icon" className="-ml-3 lg:hidden">
          <Link to="/conversations" search={search} aria-label="К списку диалогов">
            <ArrowLeft aria-hidden />
          </Link>
        </Button>
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg leading-tight font-semibold">
            {conversation.buyer_name ?? "Покупатель"}
          </h2>
          <Listing conversation={conversation} />
        </div>
        {conversation.state === "active" && (
          <Button
            look="secondary"
            className="max-sm:hidden"
            busy={close.isPending}
            onClick={() => close.send(undefined)}
          >
            Закрыть диалог
          </Button>
        )}
        <ThreadMenu conversation={conversation} onClose={() => close.send(undefined)} />
      </div>
      <Marks conversation={conversation} account={account} />
      {close.isError && <Failure error={close.error} />}
    </header>
  );
}

function Listing({ conversation }: { conversation: Conversation }) {
  const href = hrefOf(conversation.item_url);
  return (
    <p className="flex items-center gap-2 text-sm text-ink-soft">
      {href === undefined ? (
        <span className="min-w-0 truncate">{conversation.title}</span>
      ) : (
        <a
          href={href}
          target="_blank"
          rel="noreferrer"
          className="flex min-h-6 min-w-0 items-center gap-1 text-accent underline"
        >
          <span className="min-w-0 truncate">{conversation.title}</span>
          <ExternalLink aria-hidden className="size-3.5 shrink-0" />
          <span className="sr-only">, объявление на Avito</span>
        </a>
      )}
      {conversation.item_price !== null && <span className="shrink-0">{conversation.item_price}</span>}
    </p>
  );
}

function Marks({ conversation, account }: { conversation: Conversation; account: string | undefined }) {
  const now = useNow(MINUTE);
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      <Badge>Диалог № {conversation.number}</Badge>
      {account !== undefined && <Badge>{account}</Badge>}
      {conversation.state === "closed" && <Badge tone="info">закрыт</Badge>}
      {conversation.state === "active" && conversation.first_unanswered_at !== null && (
        <Badge tone="warn">{waiting(conversation.first_unanswered_at, now)}</Badge>
      )}
      {conversation.stuck_since !== null && <Badge tone="warn">тема в Telegram отстаёт</Badge>}
      {conversation.muted_at !== null && <Badge tone="danger">покупатель заблокирован</Badge>}
    </p>
  );
}
