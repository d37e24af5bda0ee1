import { useQuery } from "@tanstack/react-query";

import { organisationQuery, type Account } from "@/entities/conversations/queries";
import { Button } from "@/shared/ui/button";
import { Failure, Notice } from "@/shared/ui/feedback/notice";

import type { Conversation } from "../queries";
import { valuesOf } from "../reply/canned";
import type { Outbox } from "../reply/outbox";
import { ReplyBox } from "../reply/reply-box";
import { useConversationAction } from "./use-action";

interface Props {
  conversation: Conversation;
  account: Account | undefined;
  /** The Avito account is disconnected. */
  cutOff: boolean;
  failed: boolean;
  /** A file of the buyer has not come. */
  missing: boolean;
  outbox: Outbox;
}

/** Footer of a thread: the reply box, or the reason why replying is not possible. */
export function Footer({ conversation, account, cutOff, failed, missing, outbox }: Props) {
  const canned = useQuery(organisationQuery).data?.canned_replies ?? {};
  return (
    <footer className="border-t border-line bg-surface safe-bottom">
      <div className="mx-auto grid max-w-3xl gap-2 py-2 safe-x">
        {failed && <Failed conversationId={conversation.id} />}
        {missing && !failed && <Missing conversationId={conversation.id} />}
        {cutOff ? (
          <Notice kind="warn">
            Аккаунт Avito этого диалога отключён: ответить покупателю нельзя. Подключите аккаунт в настройках.
          </Notice>
        ) : conversation.state === "closed" ? (
          <Closed conversationId={conversation.id} />
        ) : (
          <>
            {account !== undefined && account.status !== "active" && (
              <Notice kind="warn">
                Avito сейчас не принимает сообщения этого аккаунта. Ответ подождёт и уйдёт, когда связь с
                Avito восстановят в настройках.
              </Notice>
            )}
            <ReplyBox
              conversationId={conversation.id}
              canned={canned}
              values={valuesOf(conversation, account?.name)}
              onSend={outbox.send}
            />
          </>
        )}
      </div>
    </footer>
  );
}

function Failed({ conversationId }: { conversationId: string }) {
  const retry = useConversationAction(conversationId, "retry", "Отправляем ещё раз");
  return (
    <div className="grid gap-2 rounded-xl bg-danger-soft p-2 pl-3 text-sm text-danger">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>Не все сообщения дошли до покупателя.</p>
        <Button look="secondary" busy={retry.isPending} onClick={() => retry.send(undefined)}>
          Отправить ещё раз
        </Button>
      </div>
      {retry.isError && <Failure error={retry.error} />}
    </div>
  );
}

function Missing({ conversationId }: { conversationId: string }) {
  const retry = useConversationAction(conversationId, "retry", "Запрашиваем файлы ещё раз");
  return (
    <div className="grid gap-2 rounded-xl bg-warn-soft p-2 pl-3 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p>Не все файлы покупателя удалось получить.</p>
        <Button look="secondary" busy={retry.isPending} onClick={() => retry.send(undefined)}>
          Запросить ещё раз
        </Button>
      </div>
      {retry.isError && <Failure error={retry.error} />}
    </div>
  );
}

function Closed({ conversationId }: { conversationId: string }) {
  const reopen = useConversationAction(conversationId, "reopen", "Диалог открыт");
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-ink-soft">Диалог закрыт. Если покупатель напишет, он откроется сам.</p>
        <Button busy={reopen.isPending} className="max-sm:w-full" onClick={() => reopen.send(undefined)}>
          Открыть снова
        </Button>
      </div>
      {reopen.isError && <Failure error={reopen.error} />}
    </div>
  );
}
