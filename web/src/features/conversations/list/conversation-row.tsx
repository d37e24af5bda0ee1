import { Link } from "@tanstack/react-router";
import { Ban } from "lucide-react";
import { memo } from "react";

import { moment } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";

import { shortMoment } from "../days";
import type { Search } from "../filters";
import type { Conversation } from "../queries";
import { waiting } from "../wording";

interface Props {
  conversation: Conversation;
  now: number;
  search: Search;
  opened: boolean;
}

export const ConversationRow = memo(function ConversationRow({ conversation, now, search, opened }: Props) {
  return (
    <li>
      <Link
        to="/conversations/$conversationId"
        params={{ conversationId: conversation.id }}
        search={search}
        aria-current={opened ? "page" : undefined}
        className="grid grid-cols-1 gap-1 py-3 safe-x hover:bg-sunken focus-visible:-outline-offset-2 aria-[current=page]:bg-accent-soft"
      >
        <div className="flex items-baseline justify-between gap-3">
          <p className="min-w-0 truncate font-semibold">{conversation.buyer_name ?? "Покупатель"}</p>
          {conversation.last_message_at !== null && (
            <time
              dateTime={conversation.last_message_at}
              title={moment(conversation.last_message_at)}
              className="shrink-0 text-sm text-ink-soft"
            >
              {shortMoment(conversation.last_message_at, now)}
            </time>
          )}
        </div>
        <p className="flex gap-2 text-sm text-ink-soft">
          <span className="min-w-0 truncate">{conversation.title}</span>
          {conversation.item_price !== null && <span className="shrink-0">{conversation.item_price}</span>}
        </p>
        <Marks conversation={conversation} now={now} />
      </Link>
    </li>
  );
});

function Marks({ conversation, now }: { conversation: Conversation; now: number }) {
  const closed = conversation.state === "closed";
  const waits = !closed && conversation.first_unanswered_at !== null;
  const stuck = conversation.stuck_since !== null;
  if (!closed && !waits && !stuck && conversation.muted_at === null) return null;
  return (
    <p className="flex flex-wrap gap-1.5">
      {closed && <Badge>закрыт</Badge>}
      {waits && conversation.first_unanswered_at !== null && (
        <Badge tone="warn">{waiting(conversation.first_unanswered_at, now)}</Badge>
      )}
      {stuck && <Badge tone="warn">тема отстаёт</Badge>}
      {conversation.muted_at !== null && (
        <Badge>
          <Ban aria-hidden className="size-3" />
          заблокирован
        </Badge>
      )}
    </p>
  );
}
