import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, ask } from "@/shared/api/http";
import { keys } from "@/shared/api/queries";

export const tariffsQuery = queryOptions({
  queryKey: keys.tariffs,
  queryFn: () => ask(api.GET("/api/manager/tariffs")),
  staleTime: 300_000,
});

/** The server's calculation for a tariff; null for the price without a tariff. */
export const forecastQuery = (clientId: string, tariffId: string | null, deviceCount: number) =>
  queryOptions({
    queryKey: [...keys.client(clientId), "forecast", tariffId, deviceCount],
    queryFn: () =>
      ask(
        api.POST("/api/manager/clients/{client_id}/tariff/calculate", {
          params: { path: { client_id: clientId } },
          body: { device_count: deviceCount, tariff_id: tariffId },
        }),
      ),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
