import { createContext, useContext, useState, type ReactNode } from "react";

/** What is typed and not sent yet, by dialog: found again when one comes back to it. */
interface Unsent {
  read: (dialogId: string) => string;
  keep: (dialogId: string, text: string) => void;
}

function makeUnsent(): Unsent {
  const texts = new Map<string, string>();
  return {
    read: (dialogId) => texts.get(dialogId) ?? "",
    keep: (dialogId, text) => {
      if (text === "") texts.delete(dialogId);
      else texts.set(dialogId, text);
    },
  };
}

const Context = createContext<Unsent>({ read: () => "", keep: () => undefined });

/** Around every screen, so that one may look something up elsewhere; in memory only, until the session ends. */
export function UnsentTexts({ children }: { children: ReactNode }) {
  const [unsent] = useState(makeUnsent);
  return <Context value={unsent}>{children}</Context>;
}

export function useUnsent(): Unsent {
  return useContext(Context);
}
