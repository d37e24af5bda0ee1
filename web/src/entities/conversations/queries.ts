import { queryOptions } from "@tanstack/react-query";

import type { SchemaAccountView, SchemaBotView, SchemaOrganisationView } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";

export type Account = SchemaAccountView;
export type Bot = SchemaBotView;
export type Organisation = SchemaOrganisationView;

export const accountsQuery = queryOptions({
  queryKey: keys.accounts,
  queryFn: ({ signal }) => ask(api.GET("/api/avito/accounts", { signal })),
});

export const botsQuery = queryOptions({
  queryKey: keys.bots,
  queryFn: ({ signal }) => ask(api.GET("/api/bots", { signal })),
});

export const organisationQuery = queryOptions({
  queryKey: keys.organisation,
  queryFn: ({ signal }) => ask(api.GET("/api/clients/me", { signal })),
});
