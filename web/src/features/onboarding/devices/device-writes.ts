import { cardOf, type Card } from "@/entities/clients/card";
import type { SchemaCardDevice } from "@/shared/api/generated/schema";
import { api, ask, askWhole } from "@/shared/api/http";

import { headersFor, type WriteHeaders } from "../form/form-write";
import { bodyOf, type DeviceForm } from "./device-values";

/** Device routes return only the device, so the card is loaded for the new sum. */
async function cardAfter(clientId: string): Promise<Card> {
  const params = { path: { client_id: clientId } };
  return cardOf(await askWhole(api.GET("/api/manager/clients/{client_id}", { params })));
}

export async function addDevice(clientId: string, form: DeviceForm, header: WriteHeaders): Promise<Card> {
  const params = { path: { client_id: clientId }, header };
  await ask(api.POST("/api/manager/clients/{client_id}/devices", { params, body: bodyOf(form, undefined) }));
  return cardAfter(clientId);
}

export async function changeDevice(
  clientId: string,
  device: SchemaCardDevice,
  form: DeviceForm,
  header: WriteHeaders,
): Promise<Card> {
  const params = { path: { client_id: clientId, device_id: device.id }, header };
  await ask(
    api.PATCH("/api/manager/clients/{client_id}/devices/{device_id}", { params, body: bodyOf(form, device) }),
  );
  return cardAfter(clientId);
}

export async function removeDevice(clientId: string, deviceId: string, key: string): Promise<Card> {
  const params = { path: { client_id: clientId, device_id: deviceId }, header: headersFor(key, undefined) };
  await ask(api.DELETE("/api/manager/clients/{client_id}/devices/{device_id}", { params }));
  return cardAfter(clientId);
}
