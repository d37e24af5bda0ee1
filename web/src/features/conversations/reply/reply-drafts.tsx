import { createContext, useContext, useState, type ReactNode } from "react";

/** Unsent replies by conversation. */
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

/** Keeps drafts in memory across screens until the session ends. */
export function ReplyDrafts({ children }: { children: ReactNode }) {
  const [drafts] = useState(makeDrafts);
  return <Context value={drafts}>{children}</Context>;
}

export function useReplyDrafts(): Drafts {
  return useContext(Context);
}
