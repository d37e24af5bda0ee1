import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";

import { api, ask } from "@/shared/api/http";
import { onlyAs, useMe } from "@/shared/api/me";
import { keys } from "@/shared/api/queries";
import type { SchemaSavedForm } from "@/shared/api/generated/schema";
import { useOnline } from "@/shared/lib/online";

import {
  AutosaveLine,
  type AutosaveCalls,
  type AutosaveState,
  type Stored,
  type Values,
} from "./autosave-writer";
import { useStep } from "../use-step";

/** `device` is a new one. */
export type AutosaveForm = "profile" | "passport" | "device" | "tariff" | "billing" | `device-${string}`;

/** A form's line to the server with what had been typed before the form was opened. */
export interface OpenAutosave {
  line: AutosaveLine;
  found: Stored | null;
}

/** Lines outlast their forms, in memory only; each belongs to one manager. */
const lines = new Map<string, AutosaveLine>();

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

/** What is kept of an unsent form; undefined until it is known. */
export function useOpenAutosave(form: AutosaveForm): OpenAutosave | undefined {
  const { clientId, mayWrite } = useStep();
  const queries = useQueryClient();
  const me = useMe();
  const asked = useQuery({ ...autosavesQuery(clientId), enabled: mayWrite });
  const [opened, setOpened] = useState<OpenAutosave & { key: string; mine: boolean }>();
  const key = `${me.id}/${clientId}/${form}`;

  // Without a connection the form opens all the same: the server says later whether it has something else.
  const known = asked.isFetchedAfterMount || asked.isError || asked.fetchStatus === "paused" || !mayWrite;
  const busy = lines.get(key)?.busy === true;
  // A form that was opened only to be looked at is opened anew once it may be filled.
  const stale = opened?.key !== key || (mayWrite && !opened.mine);
  if (stale && (known || busy)) {
    const stored = asked.data?.find((one) => one.form === form) ?? null;
    const line = lineOf(key, stored, callsOf(queries, me.id, clientId, form));
    setOpened({ key, mine: mayWrite, line, found: line.latest });
  }
  return stale ? undefined : opened;
}

function lineOf(key: string, stored: Stored | null, calls: AutosaveCalls): AutosaveLine {
  const living = lines.get(key);
  if (living?.busy === true) return living;
  const line = new AutosaveLine(calls, stored);
  lines.set(key, line);
  return line;
}

/** What is saved and removed is also what the next opening of the form finds in memory. */
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
      onlyAs(queries, managerId);
      const saved = await ask(api.PUT(path, { params, body: { values, version } }));
      remember([saved]);
      return saved;
    },
    remove: async () => {
      onlyAs(queries, managerId);
      await ask(api.DELETE(path, { params }));
      remember([]);
    },
  };
}

/** Follows a form: `typed` is what is to be kept, null when the form is as the card has it. Answers how it stands. */
export function useAutosave({ line }: OpenAutosave, typed: Values | null): AutosaveState {
  const { mayWrite } = useStep();
  const online = useOnline();
  useEffect(() => {
    if (!mayWrite) return;
    if (typed === null) line.forget();
    else line.type(typed);
  }, [line, typed, mayWrite]);
  useEffect(() => {
    if (online && mayWrite) line.flush();
    return () => line.flush();
  }, [line, online, mayWrite]);
  return useSyncExternalStore(line.subscribe, line.state);
}
