import { Link, useSearch } from "@tanstack/react-router";
import { ArrowLeft, ExternalLink } from "lucide-react";

import { useNow } from "@/shared/lib/now";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";

import type { Dialog } from "../queries";
import { ThreadMenu } from "./thread-menu";
import { useDialogVerb } from "./use-action";
import { waiting } from "../wording";

const MINUTE = 60_000;

export function ThreadHeader({ dialog, account }: { dialog: Dialog; account: string | undefined }) {
  const search = useSearch({ from: "/inside/conversations" });
  const close = useDialogVerb(dialog.id, "close", "Диалог закрыт");
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
            {dialog.buyer_name ?? "Покупатель"}
          </h2>
          <Listing dialog={dialog} />
        </div>
        {dialog.state === "active" && (
          <Button
            look="secondary"
            className="max-sm:hidden"
            busy={close.isPending}
            onClick={() => close.send(undefined)}
          >
            Закрыть диалог
          </Button>
        )}
        <ThreadMenu dialog={dialog} onClose={() => close.send(undefined)} />
      </div>
      <Marks dialog={dialog} account={account} />
      {close.isError && <Failure error={close.error} />}
    </header>
  );
}

function Listing({ dialog }: { dialog: Dialog }) {
  return (
    <p className="flex items-center gap-2 text-sm text-ink-soft">
      {dialog.item_url === null ? (
        <span className="min-w-0 truncate">{dialog.title}</span>
      ) : (
        <a
          href={dialog.item_url}
          target="_blank"
          rel="noreferrer"
          className="flex min-h-6 min-w-0 items-center gap-1 text-accent underline"
        >
          <span className="min-w-0 truncate">{dialog.title}</span>
          <ExternalLink aria-hidden className="size-3.5 shrink-0" />
          <span className="sr-only">, объявление на Avito</span>
        </a>
      )}
      {dialog.item_price !== null && <span className="shrink-0">{dialog.item_price}</span>}
    </p>
  );
}

function Marks({ dialog, account }: { dialog: Dialog; account: string | undefined }) {
  const now = useNow(MINUTE);
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      <Badge>Диалог № {dialog.number}</Badge>
      {account !== undefined && <Badge>{account}</Badge>}
      {dialog.state === "closed" && <Badge tone="info">закрыт</Badge>}
      {dialog.state === "active" && dialog.first_unanswered_at !== null && (
        <Badge tone="warn">{waiting(dialog.first_unanswered_at, now)}</Badge>
      )}
      {dialog.muted_at !== null && <Badge tone="danger">покупатель заблокирован</Badge>}
    </p>
  );
}
