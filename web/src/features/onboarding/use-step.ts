import { createContext, use } from "react";

import type { Problem } from "@/shared/api/problem";
import type { Write } from "@/shared/api/write";
import { useHolder, type Card, type Detail, type Holder } from "@/entities/clients/card";
import { useAskClientAgain, useClientWrite, type WriteEnds } from "@/entities/clients/writes";

interface OpenCard {
  clientId: string;
  card: Card;
}

/** The card that the frame has loaded; below the frame it is always there. */
export const OpenCardContext = createContext<OpenCard | undefined>(undefined);

interface StepFacts extends OpenCard {
  detail: Detail;
  holder: Holder;
  /** Nobody or I hold the client: what is written takes or keeps him. */
  mayWrite: boolean;
}

export function useStep(): StepFacts {
  const open = use(OpenCardContext);
  if (open === undefined) throw new Error("useStep outside of the wizard's frame");
  const holder = useHolder(open.card.detail);
  return { ...open, detail: open.card.detail, holder, mayWrite: holder.kind !== "other" };
}

/** A write of this client that the server answers with the card. */
export function useCardWrite<Values>(
  write: (values: Values, key: string) => Promise<Card>,
  on: WriteEnds<Values> = {},
): Write<Values, Card> {
  return useClientWrite(useStep().clientId, write, on);
}

/** For writes with another answer than the card: asks for the card again when the refusal says that ours is old. */
export function useAskAgain(): (problem: Problem) => Promise<void> {
  return useAskClientAgain(useStep().clientId);
}
