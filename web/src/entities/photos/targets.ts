import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { cardOf, useCardKeeper, type Card } from "@/entities/clients/card";
import { api, ask, askWhole } from "@/shared/api/http";
import { requireSameManager, useMe } from "@/shared/api/me";
import { keys } from "@/shared/api/queries";

import type { PhotoTarget } from "./upload/photo-upload";

const once = (key: string) => ({ "Idempotency-Key": key });

/** Content types that an upload ticket accepts. A HEIC goes as JPEG, which the server makes of it: content decides. */
type ContentType = "image/jpeg" | "image/png" | "image/webp";

const typed = (contentType: string): ContentType =>
  contentType === "image/png" || contentType === "image/webp" ? contentType : "image/jpeg";

/** Upload target for the passport photo. */
export function usePassportTarget(clientId: string): PhotoTarget {
  const path = { client_id: clientId };
  return useOwnTargets(clientId)({
    key: `passport ${clientId}`,
    single: true,
    ticket: (contentType, signal) =>
      ask(
        api.POST("/api/manager/clients/{client_id}/passport/photo/upload-url", {
          params: { path },
          body: { content_type: typed(contentType) },
          signal,
        }),
      ),
    attach: async (fileKey, key, signal) =>
      cardOf(
        await askWhole(
          api.POST("/api/manager/clients/{client_id}/passport/photo", {
            params: { path, header: once(key) },
            body: { file_key: fileKey },
            signal,
          }),
        ),
      ),
  });
}

export async function removePassportPhoto(clientId: string, key: string): Promise<Card> {
  const params = { path: { client_id: clientId }, header: once(key) };
  return cardOf(await askWhole(api.DELETE("/api/manager/clients/{client_id}/passport/photo", { params })));
}

/** Upload target for photos of a device. */
export function useDeviceTarget(clientId: string, deviceId: string): PhotoTarget {
  const path = { client_id: clientId, device_id: deviceId };
  return useOwnTargets(clientId)({
    key: `device ${deviceId}`,
    single: false,
    ticket: (contentType, signal) =>
      ask(
        api.POST("/api/manager/clients/{client_id}/devices/{device_id}/photos/upload-url", {
          params: { path },
          body: { content_type: typed(contentType) },
          signal,
        }),
      ),
    attach: async (fileKey, key, signal) =>
      cardOf(
        await askWhole(
          api.POST("/api/manager/clients/{client_id}/devices/{device_id}/photos", {
            params: { path, header: once(key) },
            body: { file_key: fileKey },
            signal,
          }),
        ),
      ),
  });
}

export async function removeDevicePhoto(
  clientId: string,
  deviceId: string,
  photoId: string,
  key: string,
): Promise<Card> {
  const path = { client_id: clientId, device_id: deviceId, photo_id: photoId };
  const params = { path, header: once(key) };
  return cardOf(
    await askWhole(
      api.DELETE("/api/manager/clients/{client_id}/devices/{device_id}/photos/{photo_id}", { params }),
    ),
  );
}

/** Reloads the card, because signed URLs of photos expire within minutes. */
export function useNewLinks(clientId: string): () => void {
  const queries = useQueryClient();
  return useCallback(
    // Many URLs expire at once; one request is enough.
    () => void queries.invalidateQueries({ queryKey: keys.card(clientId) }, { cancelRefetch: false }),
    [queries, clientId],
  );
}

interface Calls extends Omit<PhotoTarget, "attach"> {
  attach: (...asked: Parameters<PhotoTarget["attach"]>) => Promise<Card>;
}

/**
 * Targets bound to the signed-in manager: an upload stops when another manager signs in. `attach` stores the
 * returned card.
 */
function useOwnTargets(clientId: string): (calls: Calls) => PhotoTarget {
  const { id } = useMe();
  const queries = useQueryClient();
  const keep = useCardKeeper(clientId);
  return (calls) => ({
    key: `${id} ${calls.key}`,
    single: calls.single,
    ticket: async (...asked) => {
      requireSameManager(queries, id);
      return calls.ticket(...asked);
    },
    attach: async (...asked) => {
      requireSameManager(queries, id);
      keep(await calls.attach(...asked));
    },
  });
}
