import { queryOptions } from "@tanstack/react-query";

import { api, ask } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";
import type { SchemaContractVersion } from "@/shared/api/schema";

export type ContractVersion = SchemaContractVersion;

/** Every version, the newest first. */
export const contractsQuery = (clientId: string) =>
  queryOptions({
    queryKey: keys.contracts(clientId),
    queryFn: () =>
      ask(
        api.GET("/api/manager/clients/{client_id}/contracts", { params: { path: { client_id: clientId } } }),
      ),
  });

/** The version that is signed or waits for it; undefined: there is none yet. */
export function currentOf(versions: readonly ContractVersion[] | undefined): ContractVersion | undefined {
  return versions?.find((one) => one.status !== "void" && one.status !== "declined");
}

export function pdfPath(clientId: string, contractId: string): string {
  return `/api/manager/clients/${clientId}/contracts/${contractId}/pdf`;
}

export function certificatePath(clientId: string, contractId: string): string {
  return `/api/manager/clients/${clientId}/contracts/${contractId}/certificate`;
}

/** Where the code was typed. */
export const CHANNELS = {
  client_app: "В приложении клиента",
  manager_device: "На устройстве менеджера",
} as const;
