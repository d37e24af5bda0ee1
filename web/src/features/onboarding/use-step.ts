import { createContext, use } from "react";

import { useHolder, type Card, type Detail, type Holder } from "@/entities/clients/card";
import { useAskClientAgain, useClientWrite, type WriteEnds } from "@/entities/clients/writes";
import type { Problem } from "@/shared/api/problem";
import type { Write } from "@/shared/api/write";

interface OpenCard {
  clientId: string;
  card: Card;
}

/** The card loaded by the frame. */
export const OpenCardContext = createContext<OpenCard | undefined>(undefined);

interface StepFacts extends OpenCard {
  detail: Detail;
  holder: Holder;
  /** The client is held by the current manager or by no one; a write takes the client. */
  mayWrite: boolean;
}

export function useStep(): StepFacts {
  const open = use(OpenCardContext);
  if (open === undefined) throw new Error("useStep outside of the wizard's frame");
  const holder = useHolder(open.card.detail);
  return { ...open, detail: open.card.detail, holder, mayWrite: holder.kind !== "other" };
}

/** A write that returns the card. */
export function useCardWrite<Values>(
  write: (values: Values, key: string) => Promise<Card>,
  on: WriteEnds<Values> = {},
): Write<Values, Card> {
  return useClientWrite(useStep().clientId, write, on);
}

/** For writes that do not return the card: reloads it when the refusal means that it is stale. */
export function useAskAgain(): (problem: Problem) => Promise<void> {
  return useAskClientAgain(useStep().clientId);
}
