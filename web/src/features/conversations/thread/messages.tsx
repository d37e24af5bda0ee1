import { ArrowDown } from "lucide-react";

import { dayName } from "@/shared/lib/days";
import { useNow } from "@/shared/lib/now";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";

import { byDay } from "../days";
import type { Conversation, Message } from "../queries";
import type { Outbox } from "../reply/outbox";
import { OutgoingBubble } from "../reply/outgoing-bubble";
import { MessageBubble } from "./message-bubble";
import { useFollowEnd } from "./use-follow-end";

const MINUTE = 60_000;

interface Props {
  conversation: Conversation;
  messages: Message[];
  outbox: Outbox;
  earlier: { there: boolean; busy: boolean; error: unknown; read: () => void };
}

/**
 * Messages, scrolled from the end. The frame is a reversed column: it keeps its distance from the end, so
 * earlier messages and late images do not move the view.
 */
export function Messages({ conversation, messages, outbox, earlier }: Props) {
  const now = useNow(MINUTE);
  const { frame, content, unseen, toEnd } = useFollowEnd(messages.at(-1)?.id, outbox.outgoing.at(-1)?.key);
  return (
    <div className="relative flex min-h-0 flex-1">
      <div
        ref={frame}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an area that scrolls is reached by keyboard
        tabIndex={0}
        role="log"
        aria-label="Сообщения"
        className="flex min-w-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain bg-canvas [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        <div ref={content} className="mx-auto grid w-full max-w-3xl gap-4 py-4 safe-x">
          <Earlier {...earlier} />
          {byDay(messages).map(({ day, messages: ofDay }, index) => (
            <section key={`${day}-${index}`} aria-label={dayName(day, now)} className="grid gap-2">
              <h3 className="sticky top-1 z-10 justify-self-center rounded-full bg-sunken px-3 py-1 text-xs font-medium text-ink-soft">
                {dayName(day, now)}
              </h3>
              {ofDay.map((message, at) => (
                <MessageBubble
                  key={message.id}
                  message={message}
                  conversation={conversation}
                  first={ofDay[at - 1]?.author !== message.author}
                />
              ))}
            </section>
          ))}
          {messages.length === 0 && <p className="py-8 text-center text-ink-soft">Сообщений пока нет.</p>}
          {outbox.outgoing.map((one) => (
            <OutgoingBubble key={one.key} outgoing={one} />
          ))}
        </div>
      </div>
      {unseen && (
        <Button
          look="secondary"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-lg"
          onClick={toEnd}
        >
          Новые сообщения
          <ArrowDown aria-hidden />
        </Button>
      )}
    </div>
  );
}

function Earlier({ there, busy, error, read }: Props["earlier"]) {
  if (!there) return null;
  if (error !== null && !busy) return <Failure error={error} retry={read} />;
  return (
    <Button look="quiet" busy={busy} className="justify-self-center" onClick={read}>
      Показать раньше
    </Button>
  );
}
