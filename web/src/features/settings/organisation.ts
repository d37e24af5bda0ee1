import { useQueryClient } from "@tanstack/react-query";

import { api, ask } from "@/shared/api/http";
import type { Problem } from "@/shared/api/problem";
import { keys } from "@/shared/api/queries";
import type { SchemaChanges } from "@/shared/api/schema";
import { useWrite } from "@/shared/api/write";
import type { Organisation } from "@/shared/conversations/queries";
import { say } from "@/shared/ui/toast";

interface On {
  success: (organisation: Organisation) => void;
  failure: (problem: Problem) => void;
}

/** Changes what is named, and nothing else, of the organisation. */
export function useOrganisationChange(on: On) {
  const queries = useQueryClient();
  return useWrite<Partial<SchemaChanges>, Organisation>(
    (changes, key) =>
      ask(
        api.PATCH("/api/clients/me", {
          params: { header: { "Idempotency-Key": key } },
          body: changes,
        }),
      ),
    {
      success: (organisation) => {
        queries.setQueryData(keys.organisation, organisation);
        on.success(organisation);
        say("Сохранено");
      },
      failure: on.failure,
    },
  );
}
