import { Outlet, useParams } from "@tanstack/react-router";

import { cn } from "@/shared/lib/cn";
import { Empty } from "@/shared/ui/feedback/empty";

import { ConversationList } from "./list/conversation-list";

/** The list beside the open conversation. A phone shows one of them and keeps the state of the other. */
export function ConversationsScreen() {
  const { conversationId } = useParams({ strict: false });
  const reading = conversationId !== undefined;
  return (
    <main
      id="content"
      tabIndex={-1}
      className="absolute inset-0 grid grid-cols-1 overflow-hidden outline-none lg:grid-cols-[24rem_minmax(0,1fr)]"
    >
      <title>Переписка · Привет</title>
      <h1 className="sr-only">Переписка</h1>
      {/* Hidden by `visibility`, which keeps the scroll position. */}
      <div
        className={cn(
          "min-h-0 min-w-0 border-line lg:border-r",
          reading && "max-lg:invisible max-lg:absolute max-lg:inset-0",
        )}
      >
        <ConversationList opened={conversationId} />
      </div>
      <div className={cn("min-h-0 min-w-0 bg-surface", !reading && "max-lg:hidden")}>
        {reading ? (
          <Outlet />
        ) : (
          <Empty title="Выберите диалог">
            Слева — покупатели. Откройте диалог, чтобы прочитать и ответить.
          </Empty>
        )}
      </div>
    </main>
  );
}
