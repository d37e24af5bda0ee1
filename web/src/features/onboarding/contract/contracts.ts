import { queryOptions, useQuery } from "@tanstack/react-query";

import { cardOf, type Card } from "@/entities/clients/card";
import { contractsQuery } from "@/entities/clients/contracts";
import type { Invoice } from "@/entities/clients/invoices";
import { api, ask, askWhole } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";

import { useStep } from "../use-step";

export function useContracts() {
  return useQuery(contractsQuery(useStep().clientId));
}

export const rulesQuery = queryOptions({
  queryKey: keys.rules,
  queryFn: () => ask(api.GET("/api/manager/rules")),
  staleTime: Infinity,
});

const of = (clientId: string, key: string) => ({
  params: { path: { client_id: clientId }, header: { "Idempotency-Key": key } },
});

export function generate(clientId: string, key: string) {
  return ask(api.POST("/api/manager/clients/{client_id}/contract/generate", of(clientId, key)));
}

export function requestCode(clientId: string, key: string) {
  return ask(
    api.POST("/api/manager/clients/{client_id}/contract/request-otp", {
      ...of(clientId, key),
      body: { channel: "support_chat" },
    }),
  );
}

export async function confirmCode(clientId: string, code: string, key: string): Promise<Card> {
  return cardOf(
    await askWhole(
      api.POST("/api/manager/clients/{client_id}/contract/confirm", {
        ...of(clientId, key),
        body: { otp_code: code },
      }),
    ),
  );
}

export async function voidContract(clientId: string, reason: string, key: string): Promise<Card> {
  return cardOf(
    await askWhole(
      api.POST("/api/manager/clients/{client_id}/contract/void", { ...of(clientId, key), body: { reason } }),
    ),
  );
}

export async function confirmPayment(clientId: string, invoice: Invoice, key: string): Promise<Card> {
  return cardOf(
    await askWhole(
      api.POST("/api/manager/clients/{client_id}/payment/confirm", {
        ...of(clientId, key),
        body: { amount: invoice.amount, invoice_id: invoice.id },
      }),
    ),
  );
}
