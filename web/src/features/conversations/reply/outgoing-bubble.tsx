import { Clock } from "lucide-react";

import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Spinner } from "@/shared/ui/spinner";

import type { Outgoing } from "./outbox";

/** A reply being sent, or one that failed. */
export function OutgoingBubble({ outgoing }: { outgoing: Outgoing }) {
  const { text, problem, waits } = outgoing;
  return (
    <article
      aria-label="Ваш ответ"
      className="grid max-w-[85%] gap-1 justify-self-end rounded-2xl rounded-br-md border border-dashed border-line-strong bg-accent-soft px-3.5 py-2 sm:max-w-[75%]"
    >
      <p className="text-xs font-medium text-ink-soft">Вы</p>
      <p className="wrap-anywhere whitespace-pre-wrap">{text}</p>
      {problem === undefined ? (
        <p className="flex items-center justify-end gap-1.5 text-xs text-ink-soft">
          {waits ? <Clock aria-hidden className="size-3.5" /> : <Spinner className="size-3.5" />}
          {waits ? "Отправится, когда появится связь" : "Отправляется…"}
        </p>
      ) : (
        <>
          <Failure error={problem} className="bg-surface" />
          <div className="flex flex-wrap justify-end gap-2">
            <Button look="quiet" onClick={outgoing.remove}>
              Убрать
            </Button>
            <Button look="secondary" onClick={outgoing.again}>
              Отправить ещё раз
            </Button>
          </div>
        </>
      )}
    </article>
  );
}
