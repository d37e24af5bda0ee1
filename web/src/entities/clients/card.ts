import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import type {
  SchemaCardContract,
  SchemaClientDetail,
  SchemaCodeDelivery,
} from "@/shared/api/generated/schema";
import { api, ask, askWhole } from "@/shared/api/http";
import { useMe } from "@/shared/api/me";
import { keys } from "@/shared/api/queries";

/** Without `otp_code`: managers never see a client's code. */
export type CodeDelivery = SchemaCodeDelivery;
export type CodeChannel = NonNullable<CodeDelivery["channel"]>;

export interface Detail extends Omit<SchemaClientDetail, "contract"> {
  contract: Omit<SchemaCardContract, "otp_code"> | null;
}

/** A client's card and its version, which writes send as `If-Match`. */
export interface Card {
  detail: Detail;
  version: string | undefined;
}

export function cardOf(answer: { data: Detail; headers: Headers }): Card {
  return { detail: answer.data, version: answer.headers.get("ETag") ?? undefined };
}

export const cardQuery = (clientId: string) =>
  queryOptions({
    queryKey: keys.card(clientId),
    queryFn: async () =>
      cardOf(
        await askWhole(
          api.GET("/api/manager/clients/{client_id}", { params: { path: { client_id: clientId } } }),
        ),
      ),
  });

export function useCard(clientId: string) {
  return useQuery(cardQuery(clientId));
}

/** Stores the card returned by a write; invalidates lists, contracts and the timeline. */
export function useCardKeeper(clientId: string): (card: Card) => void {
  const queries = useQueryClient();
  return (card) => {
    queries.setQueryData(keys.card(clientId), card);
    void queries.invalidateQueries({ queryKey: keys.clients });
    void queries.invalidateQueries({ queryKey: keys.contracts(clientId) });
    void queries.invalidateQueries({ queryKey: keys.history(clientId) });
  };
}

export const colleaguesQuery = queryOptions({
  queryKey: keys.colleagues,
  queryFn: () => ask(api.GET("/api/manager/colleagues")),
  staleTime: 300_000,
});

/** Who holds the card: no one, the current manager, or another manager. */
export type Holder = { kind: "none" } | { kind: "me" } | { kind: "other"; name: string };

export function useHolder(detail: Detail): Holder {
  const me = useMe();
  const colleagues = useQuery(colleaguesQuery).data;
  return holderOf(detail.assigned_manager_id, me.id, colleagues);
}

/** `held` is the id of the manager who holds the card. */
export function holderOf(
  held: string | null,
  me: string,
  colleagues: readonly { id: string; name: string | null }[] = [],
): Holder {
  if (held === null) return { kind: "none" };
  if (held === me) return { kind: "me" };
  return { kind: "other", name: colleagues.find((one) => one.id === held)?.name ?? "другой менеджер" };
}

export function heldBy(holder: Holder): string {
  switch (holder.kind) {
    case "me":
      return "Ведёте вы";
    case "none":
      return "Клиента никто не ведёт";
    case "other":
      return `Ведёт ${holder.name}`;
  }
}

/** Of a passport on a colleague's card only the name is shown, not even the type of the document. */
export function passportHidden({ passport }: Pick<Detail, "passport">): boolean {
  return passport !== null && passport.document_type === null;
}
