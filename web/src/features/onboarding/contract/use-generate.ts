import { useQueryClient } from "@tanstack/react-query";

import { keys } from "@/shared/api/queries";
import { useWrite } from "@/shared/api/write";
import { say } from "@/shared/ui/overlay/toast";

import { useAskAgain, useStep } from "../use-step";
import { generate } from "./contracts";

/** Makes the contract or its next version. */
export function useGenerate() {
  const { clientId } = useStep();
  const queries = useQueryClient();
  return useWrite((_: undefined, key) => generate(clientId, key), {
    success: async () => {
      await queries.invalidateQueries({ queryKey: keys.client(clientId) });
      say("Договор готов, код отправлен клиенту");
    },
    failure: useAskAgain(),
  });
}
