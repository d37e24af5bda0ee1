import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";

import type { SchemaSavedForm } from "@/shared/api/generated/schema";
import { api, ask } from "@/shared/api/http";
import { requireSameManager, useMe } from "@/shared/api/me";
import { keys } from "@/shared/api/queries";
import { useOnline } from "@/shared/lib/online";

import { useStep } from "../use-step";
import {
  AutosaveWriter,
  type AutosaveCalls,
  type AutosaveState,
  type Stored,
  type Values,
} from "./autosave-writer";

/** `device` is a new device. */
export type AutosaveForm = "profile" | "passport" | "device" | "tariff" | "billing" | `device-${string}`;

/** Writer of a form, with the values found when the form was opened. */
export interface OpenAutosave {
  writer: AutosaveWriter;
  found: Stored | null;
}

/** Writers by manager, client and form; kept in memory after their forms are closed. */
const writers = new Map<string, AutosaveWriter>();

export const autosavesQuery = (clientId: string) =>
  queryOptions({
    queryKey: keys.autosaves(clientId),
    queryFn: () =>
      ask(
        api.GET("/api/manager/clients/{client_id}/autosaves", { params: { path: { client_id: clientId } } }),
      ),
    refetchOnMount: "always",
    staleTime: Infinity,
  });

/** Autosave of a form; undefined while loading. */
export function useOpenAutosave(form: AutosaveForm): OpenAutosave | undefined {
  const { clientId, mayWrite } = useStep();
  const queries = useQueryClient();
  const me = useMe();
  const asked = useQuery({ ...autosavesQuery(clientId), enabled: mayWrite });
  const [opened, setOpened] = useState<OpenAutosave & { key: string; mine: boolean }>();
  const key = `${me.id}/${clientId}/${form}`;

  // Offline, the form opens anyway; a conflict is detected on the first save.
  const known = asked.isFetchedAfterMount || asked.isError || asked.fetchStatus === "paused" || !mayWrite;
  const busy = writers.get(key)?.busy === true;
  // A form opened read-only is opened again once it becomes editable.
  const stale = opened?.key !== key || (mayWrite && !opened.mine);
  if (stale && (known || busy)) {
    const stored = asked.data?.find((one) => one.form === form) ?? null;
    const writer = writerOf(key, stored, callsOf(queries, me.id, clientId, form));
    setOpened({ key, mine: mayWrite, writer, found: writer.latest });
  }
  return stale ? undefined : opened;
}

function writerOf(key: string, stored: Stored | null, calls: AutosaveCalls): AutosaveWriter {
  const existing = writers.get(key);
  if (existing?.busy === true) return existing;
  const writer = new AutosaveWriter(calls, stored);
  writers.set(key, writer);
  return writer;
}

/** Requests of a writer; they also update the query cache for the next opening. */
function callsOf(
  queries: QueryClient,
  managerId: string,
  clientId: string,
  form: AutosaveForm,
): AutosaveCalls {
  const params = { path: { client_id: clientId, form } };
  const path = "/api/manager/clients/{client_id}/autosaves/{form}";
  const remember = (saved: SchemaSavedForm[]) =>
    queries.setQueryData(autosavesQuery(clientId).queryKey, (known = []) => [
      ...known.filter((one) => one.form !== form),
      ...saved,
    ]);
  return {
    put: async (values, version) => {
      requireSameManager(queries, managerId);
      const saved = await ask(api.PUT(path, { params, body: { values, version } }));
      remember([saved]);
      return saved;
    },
    remove: async () => {
      requireSameManager(queries, managerId);
      await ask(api.DELETE(path, { params }));
      remember([]);
    },
  };
}

/** Saves the form as it changes. `typed` is null when the form equals the card. Returns the state. */
export function useAutosave({ writer }: OpenAutosave, typed: Values | null): AutosaveState {
  const { mayWrite } = useStep();
  const online = useOnline();
  useEffect(() => {
    if (!mayWrite) return;
    if (typed === null) writer.discard();
    else writer.type(typed);
  }, [writer, typed, mayWrite]);
  useEffect(() => {
    if (online && mayWrite) writer.flush();
    return () => writer.flush();
  }, [writer, online, mayWrite]);
  return useSyncExternalStore(writer.subscribe, writer.state);
}
