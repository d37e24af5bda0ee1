import { Link } from "@tanstack/react-router";
import { Ban } from "lucide-react";
import { memo } from "react";

import { moment } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";

import { shortMoment } from "../days";
import type { Dialog } from "../queries";
import type { Search } from "../filters";
import { waiting } from "../wording";

interface Props {
  dialog: Dialog;
  now: number;
  search: Search;
  opened: boolean;
}

export const DialogRow = memo(function DialogRow({ dialog, now, search, opened }: Props) {
  return (
    <li>
      <Link
        to="/conversations/$dialogId"
        params={{ dialogId: dialog.id }}
        search={search}
        aria-current={opened ? "page" : undefined}
        className="grid grid-cols-1 gap-1 py-3 safe-x hover:bg-sunken focus-visible:-outline-offset-2 aria-[current=page]:bg-accent-soft"
      >
        <div className="flex items-baseline justify-between gap-3">
          <p className="min-w-0 truncate font-semibold">{dialog.buyer_name ?? "Покупатель"}</p>
          {dialog.last_message_at !== null && (
            <time
              dateTime={dialog.last_message_at}
              title={moment(dialog.last_message_at)}
              className="shrink-0 text-sm text-ink-soft"
            >
              {shortMoment(dialog.last_message_at, now)}
            </time>
          )}
        </div>
        <p className="flex gap-2 text-sm text-ink-soft">
          <span className="min-w-0 truncate">{dialog.title}</span>
          {dialog.item_price !== null && <span className="shrink-0">{dialog.item_price}</span>}
        </p>
        <Marks dialog={dialog} now={now} />
      </Link>
    </li>
  );
});

function Marks({ dialog, now }: { dialog: Dialog; now: number }) {
  const closed = dialog.state === "closed";
  const waits = !closed && dialog.first_unanswered_at !== null;
  if (!closed && !waits && dialog.muted_at === null) return null;
  return (
    <p className="flex flex-wrap gap-1.5">
      {closed && <Badge>закрыт</Badge>}
      {waits && dialog.first_unanswered_at !== null && (
        <Badge tone="warn">{waiting(dialog.first_unanswered_at, now)}</Badge>
      )}
      {dialog.muted_at !== null && (
        <Badge>
          <Ban aria-hidden className="size-3" />
          заблокирован
        </Badge>
      )}
    </p>
  );
}
