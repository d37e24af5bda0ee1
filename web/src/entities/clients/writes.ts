import { useQueryClient } from "@tanstack/react-query";

import { api, askWhole } from "@/shared/api/http";
import type { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import { useWrite, type Write } from "@/shared/api/write";

import { cardOf, useCardKeeper, type Card } from "./card";

export interface WriteEnds<Values> {
  success?: (card: Card, values: Values) => unknown;
  failure?: (problem: Problem) => unknown;
}

/**
 * A write that returns the card, which is then stored. If the client is held by another manager or has changed,
 * the card is loaded again.
 */
export function useClientWrite<Values>(
  clientId: string,
  write: (values: Values, key: string) => Promise<Card>,
  on: WriteEnds<Values> = {},
): Write<Values, Card> {
  const keep = useCardKeeper(clientId);
  const askAgain = useAskClientAgain(clientId);
  return useWrite(write, {
    success: (card, values) => {
      keep(card);
      return on.success?.(card, values);
    },
    failure: async (problem) => {
      await askAgain(problem);
      return on.failure?.(problem);
    },
  });
}

const OUT_OF_DATE: readonly string[] = ["client-taken", "card-changed", "already-so", "wrong-step"];

/** For writes that do not return the card: reloads the card when the refusal means that it is stale. */
export function useAskClientAgain(clientId: string): (problem: Problem) => Promise<void> {
  const queries = useQueryClient();
  return async (problem) => {
    if (OUT_OF_DATE.includes(problem.code)) await queries.refetchQueries({ queryKey: keys.card(clientId) });
  };
}

const of = (clientId: string, key: string) => ({
  params: { path: { client_id: clientId }, header: { "Idempotency-Key": key } },
});

export async function takeOver(clientId: string, reason: string, key: string): Promise<Card> {
  return cardOf(
    await askWhole(
      api.POST("/api/manager/clients/{client_id}/take-over", { ...of(clientId, key), body: { reason } }),
    ),
  );
}

export async function release(clientId: string, key: string): Promise<Card> {
  return cardOf(await askWhole(api.POST("/api/manager/clients/{client_id}/release", of(clientId, key))));
}
