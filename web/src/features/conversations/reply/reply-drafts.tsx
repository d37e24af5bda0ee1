import { createContext, useContext, useState, type ReactNode } from "react";

/** What is typed and not sent yet, by conversation: found again when one comes back to it. */
interface Drafts {
  read: (conversationId: string) => string;
  keep: (conversationId: string, text: string) => void;
}

function makeDrafts(): Drafts {
  const texts = new Map<string, string>();
  return {
    read: (conversationId) => texts.get(conversationId) ?? "",
    keep: (conversationId, text) => {
      if (text === "") texts.delete(conversationId);
      else texts.set(conversationId, text);
    },
  };
}

const Context = createContext<Drafts>({ read: () => "", keep: () => undefined });

/** Around every screen, so that one may look something up elsewhere; in memory only, until the session ends. */
export function ReplyDrafts({ children }: { children: ReactNode }) {
  const [drafts] = useState(makeDrafts);
  return <Context value={drafts}>{children}</Context>;
}

export function useReplyDrafts(): Drafts {
  return useContext(Context);
}
