/* How the buyer sees a message of Avito, by its type. */

import { h, icon, isOurs, link, linked, picture, sound } from "./dom.js";
import { clock } from "./times.js";

const WITHOUT_CONTENT = {
  video: "Видео (Авито его не отдаёт)",
  file: "Файл (Авито его не отдаёт)",
  appCall: "Звонок в приложении (Авито его не отдаёт)",
};

/** `own`: the buyer's; `quoted`: the message that it answers; `tools`: buttons. */
export function bubble(message, { own, account, quoted, tools }) {
  if (message.type === "system") return service(message.text || "Системное сообщение Авито");
  const gone = message.type === "deleted";
  return h(
    "li",
    { class: `message ${own ? "own" : "other"} ${gone ? "gone" : ""}`, data: { id: message.id } },
    h(
      "div",
      { class: "bubble" },
      quoted && h("blockquote", {}, inShort(quoted)),
      gone ? "Сообщение удалено" : content(message, account),
      h("footer", {}, source(message), clock(message.created), ticks(message, own)),
    ),
    !gone && h("div", { class: "tools" }, tools),
  );
}

/** One line about it. */
export function inShort(message) {
  if (message.type === "text" || message.type === "link") return message.text ?? "";
  const { content } = message;
  switch (message.type) {
    case "image":
      return "Фото";
    case "voice":
      return "Голосовое сообщение";
    case "item":
      return `Объявление: ${content.item?.title ?? ""}`;
    case "location":
      return `Место: ${content.location?.title ?? ""}`;
    case "call":
      return "Пропущенный звонок";
    case "deleted":
      return "Сообщение удалено";
    case "system":
      return message.text || "Системное сообщение";
    default:
      return WITHOUT_CONTENT[message.type] ?? `Сообщение вида ${message.type}`;
  }
}

function content(message, account) {
  const { content: held } = message;
  switch (message.type) {
    case "text":
    case "link":
      return h("p", { class: "said" }, linked(message.text ?? ""));
    case "image":
      return image(held.image?.sizes ?? {});
    case "voice":
      return sound(`/sandbox/accounts/${account}/voices/${encodeURIComponent(held.voice?.voice_id)}`, "Голосовое");
    case "item":
      return item(held.item ?? {});
    case "location":
      return withIcon("place", held.location?.text || held.location?.title || "Место на карте");
    case "call":
      return withIcon("call", "Пропущенный звонок");
    default:
      return withIcon("file", inShort(message));
  }
}

function image(sizes) {
  const area = (size) => size.split("x").reduce((product, side) => product * Number(side), 1);
  const largest = Object.keys(sizes).sort((one, other) => area(other) - area(one))[0];
  return isOurs(sizes[largest]) ? picture(sizes[largest], "Фото") : withIcon("image", "Фото");
}

const item = (held) =>
  h(
    "div",
    { class: "item-card" },
    h("b", {}, held.item_url ? link(held.item_url, held.title ?? "") : (held.title ?? "")),
    h("span", {}, held.price_string ?? ""),
  );

const withIcon = (name, text) => h("p", { class: "kind" }, icon(name), h("span", {}, text));
export const service = (text) => h("li", { class: "service" }, h("span", {}, text));

const source = (message) => message.via === "app" && h("i", {}, "из приложения");

/** Of the buyer's: did the seller read it. Of the seller's: did the buyer. */
function ticks(message, own) {
  const read = own ? message.is_read : message.read !== null;
  const label = own ? (read ? "прочитано продавцом" : "отправлено") : read ? "вы прочитали" : "вы не прочитали";
  return h("span", { class: `ticks ${read ? "read" : ""}`, title: label, role: "img", aria: { label } }, icon(read ? "two" : "one"));
}
