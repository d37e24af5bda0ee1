import { Check, CheckCheck, CircleAlert, Clock, MapPin, type LucideIcon } from "lucide-react";
import { memo } from "react";

import { cn } from "@/shared/lib/cn";
import { moment, time } from "@/shared/lib/format";
import { LinkedText } from "@/shared/ui/linked-text";

import type { Conversation, Message } from "../queries";
import { authorOf, failureOf, mapOf, statusOf, textOf } from "../wording";
import { AttachmentView } from "./attachment";

const ICONS: Record<Message["status"], LucideIcon> = {
  pending: Clock,
  sent: Check,
  delivered: CheckCheck,
  failed: CircleAlert,
};

interface Props {
  message: Message;
  conversation: Conversation;
  /** First of several messages by the same author; shows the author's name. */
  first: boolean;
}

export const MessageBubble = memo(function MessageBubble({ message, conversation, first }: Props) {
  const ours = message.direction === "telegram" || message.author === "seller_app";
  const text = textOf(message);
  return (
    <article
      aria-label={`${authorOf(message, conversation.buyer_name)}, ${time(message.created_at)}`}
      className={cn(
        "grid max-w-[85%] gap-1 rounded-2xl px-3.5 py-2 sm:max-w-[75%]",
        message.author === "system" && "justify-self-center bg-sunken text-sm",
        message.author !== "system" && ours && "justify-self-end rounded-br-md bg-accent-soft",
        message.author !== "system" &&
          !ours &&
          "justify-self-start rounded-bl-md border border-line bg-surface",
      )}
    >
      {first && (
        <p className={cn("text-xs font-medium", message.author === "auto" ? "text-info" : "text-ink-soft")}>
          {authorOf(message, conversation.buyer_name)}
        </p>
      )}
      {message.attachments.map((file) => (
        <AttachmentView key={file.id} file={file} />
      ))}
      {text !== "" && (
        <p
          className={cn(
            "wrap-anywhere whitespace-pre-wrap",
            (message.described || message.body === "") && "text-ink-soft italic",
          )}
        >
          <LinkedText text={text} />
        </p>
      )}
      {message.place !== null && (
        <a
          href={mapOf(message.place)}
          target="_blank"
          rel="noopener noreferrer"
          className="flex min-h-11 items-center gap-2 font-medium text-accent underline"
        >
          <MapPin aria-hidden className="size-5 shrink-0" />
          Открыть на карте
        </a>
      )}
      <Foot message={message} />
    </article>
  );
});

function Foot({ message }: { message: Message }) {
  const status = statusOf(message);
  const Icon = ICONS[message.status];
  const failed = message.direction === "telegram" && message.status === "failed";
  return (
    <div className="grid justify-items-end gap-1">
      <p
        className={cn("flex flex-wrap items-center gap-x-1.5 text-xs text-ink-soft", failed && "text-danger")}
      >
        {message.deleted && <span>удалено ·</span>}
        <time dateTime={message.created_at} title={moment(message.created_at)}>
          {time(message.created_at)}
        </time>
        {status !== undefined && (
          <>
            <Icon aria-hidden className="size-3.5" />
            <span>{status}</span>
          </>
        )}
      </p>
      {failed && message.failure !== null && (
        <p className="justify-self-stretch text-sm text-danger">{failureOf(message.failure)}</p>
      )}
    </div>
  );
}
