/* The sandbox's own API. */

import { byId } from "./dom.js";

const IN_RUSSIAN = {
  "no such topic": "темы больше нет",
  "no such message": "сообщения больше нет",
  "no such message to reply to": "сообщения, на которое вы отвечаете, больше нет",
  "there is such a chat": "такой чат уже есть",
  "the buyer is blocked": "продавец заблокировал этого покупателя",
  "a message says something": "сообщение пустое",
};

export const segment = encodeURIComponent;

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

/** Does what a person asked for; what goes wrong is told, and the answer is then null. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    tell(error.message);
    return null;
  }
}

let hiding = 0;

export function tell(text) {
  const toast = byId("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (toast.hidden = true), 6000);
}

export class Failed extends Error {}

async function call(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  let response;
  try {
    response = await fetch(`/sandbox${path}`, options);
  } catch {
    throw new Failed("Песочница не отвечает. Запущена ли она?");
  }
  if (!response.ok) throw new Failed(`Не получилось: ${await reason(response)}.`);
  return response.json();
}

async function reason(response) {
  const answer = await response.json().catch(() => ({}));
  if (typeof answer.detail === "string") return IN_RUSSIAN[answer.detail] ?? answer.detail;
  return `песочница ответила ${response.status}`;
}

/** Bytes of a file in base64. */
export async function encoded(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let from = 0; from < bytes.length; from += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  }
  return btoa(text);
}

/** A sample picture of a colour in base64. */
export async function sample(hue) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [640, 480];
  const brush = canvas.getContext("2d");
  const fill = brush.createLinearGradient(0, 0, 640, 480);
  fill.addColorStop(0, `hsl(${hue} 45% 70%)`);
  fill.addColorStop(1, `hsl(${hue + 40} 45% 45%)`);
  brush.fillStyle = fill;
  brush.fillRect(0, 0, 640, 480);
  return encoded(await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85)));
}
