import { queryOptions } from "@tanstack/react-query";

import type { SchemaContractVersion } from "@/shared/api/generated/schema";
import { api, askWhole } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";
import { clockAhead } from "@/shared/lib/clock";

export type ContractVersion = SchemaContractVersion;

interface Contracts {
  /** Newest first. */
  versions: readonly ContractVersion[];
  /** How far the server's clock is ahead of this device's, in milliseconds. Codes expire by the server's clock. */
  ahead: number;
}

export const contractsQuery = (clientId: string) =>
  queryOptions({
    queryKey: keys.contracts(clientId),
    queryFn: async (): Promise<Contracts> => {
      const { data, headers } = await askWhole(
        api.GET("/api/manager/clients/{client_id}/contracts", { params: { path: { client_id: clientId } } }),
      );
      return { versions: data, ahead: clockAhead(headers.get("Date"), Date.now()) };
    },
  });

/** The version that is signed or awaits signature; undefined when there is none. */
export function currentOf(versions: readonly ContractVersion[] | undefined): ContractVersion | undefined {
  return versions?.find((one) => one.status !== "void" && one.status !== "declined");
}

export function pdfPath(clientId: string, contractId: string): string {
  return `/api/manager/clients/${clientId}/contracts/${contractId}/pdf`;
}

export function certificatePath(clientId: string, contractId: string): string {
  return `/api/manager/clients/${clientId}/contracts/${contractId}/certificate`;
}

/** Where the code was entered. */
export const CHANNELS = {
  client_app: "В приложении клиента",
  manager_device: "На устройстве менеджера",
} as const;
