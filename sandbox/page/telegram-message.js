/* How staff see a message of Telegram, by its kind. */

import { styled } from "./entities.js";
import { h, icon, isOurs, link, picture, sound } from "./dom.js";
import { clock } from "./times.js";

/** What the product says with the reactions that Telegram allows. */
const REACTIONS = {
  "✍": "в очереди",
  "👌": "принято Авито",
  "👀": "прочитано",
  "🤔": "неизвестно, дошло ли",
  "💔": "не отправлено",
  "😢": "не отправлено",
};
const KINDS = {
  voice: "Голосовое сообщение",
  video: "Видео",
  video_note: "Кружок",
  animation: "GIF",
  sticker: "Стикер",
  document: "Файл",
  audio: "Музыка",
  location: "Место на карте",
  venue: "Место на карте",
  contact: "Контакт",
  poll: "Опрос",
  dice: "Кубик",
  photo: "Фото",
};

/** `answered`: the message that it answers; `tools`: buttons; `press(data)`: a button under it is pressed; `share()`: the
    button of its keyboard that shares the person's own contact. */
export function bubble(message, { own, answered, tools, press, share }) {
  if (message.kind === "service") return h("li", { class: "service" }, h("span", {}, happened(message)));
  return h(
    "li",
    { class: `message ${own ? "own" : "other"} ${message.deleted ? "gone" : ""}`, data: { id: message.message_id } },
    h(
      "div",
      { class: "bubble" },
      h("b", { class: `author ${message.by_bot ? "bot" : ""}` }, author(message)),
      answered && h("blockquote", {}, inShort(answered)),
      message.deleted ? "Сообщение удалено" : [content(message), said(message)],
      h("footer", {}, message.edited && h("i", {}, "изменено"), clock(message.date)),
    ),
    message.reactions.length > 0 && h("p", { class: "reactions" }, message.reactions.map(reaction)),
    message.buttons.length > 0 && h("div", { class: "buttons" }, message.buttons.flat().map((one) => button(one, press))),
    message.keyboard.length > 0 && h("div", { class: "buttons" }, message.keyboard.flat().map((one) => h("button", { type: "button", onclick: share }, one.text ?? one))),
    !message.deleted && h("div", { class: "tools" }, tools),
  );
}

export const text = (message) => message.text ?? message.caption ?? "";

/** One line about it. */
export function inShort(message) {
  if (message.deleted) return "Сообщение удалено";
  return text(message) || KINDS[message.kind] || happened(message);
}

export const said = (message) =>
  text(message) && h("p", { class: "said" }, styled(text(message), message.entities));

function author(message) {
  return message.from.id === 1087968824 ? "Анонимный администратор" : message.from.first_name;
}

function content(message) {
  const { kind, media, content: held } = message;
  const url = isOurs(media?.url) ? media.url : null;
  switch (kind) {
    case "text":
      return null;
    case "photo":
      return url && picture(url, "Фото");
    case "voice":
    case "audio":
      return url && sound(url, KINDS[kind]);
    case "sticker":
      return held.sticker.is_animated ? h("p", { class: "emoji" }, held.sticker.emoji ?? "") : picture(url, "Стикер");
    case "document":
      return file(held.document, url);
    case "location":
    case "venue":
      return withIcon("place", place(held));
    case "contact":
      return withIcon("call", `${held.contact.first_name}, ${held.contact.phone_number}`);
    case "poll":
      return withIcon("help", `Опрос: ${held.poll.question}`);
    case "dice":
      return withIcon("help", `${KINDS.dice}: ${held.dice.value}`);
    default:
      return withIcon("file", KINDS[kind] ?? kind);
  }
}

function place({ venue, location }) {
  if (venue) return [venue.title, venue.address].filter(Boolean).join(", ");
  return `${location.latitude.toFixed(5)}, ${location.longitude.toFixed(5)}`;
}

function file(held, url) {
  if (held.mime_type?.startsWith("image/") && url) return picture(url, held.file_name ?? "Изображение");
  if (held.mime_type?.startsWith("audio/") && url) return sound(url, held.file_name ?? "Запись");
  const name = held.file_name ?? "Файл";
  return h("p", { class: "kind" }, icon("file"), url ? h("a", { href: url, download: name }, name) : h("span", {}, name));
}

const withIcon = (name, words) => h("p", { class: "kind" }, icon(name), h("span", {}, words));

const reaction = (emoji) => h("span", {}, h("b", {}, emoji), REACTIONS[emoji] ? ` ${REACTIONS[emoji]}` : "");

const button = (one, press) =>
  one.url ? link(one.url, one.text) : h("button", { type: "button", onclick: () => press(one.callback_data) }, one.text);

function happened({ content: held }) {
  if (held.forum_topic_created) return `Тема создана: ${held.forum_topic_created.name}`;
  if (held.forum_topic_closed) return "Тема закрыта";
  if (held.forum_topic_reopened) return "Тема открыта снова";
  if (held.forum_topic_edited) return "Тема изменена";
  if (held.pinned_message) return "Сообщение закреплено";
  if (held.migrate_from_chat_id || held.migrate_to_chat_id) return "Группа получила новый номер";
  return "Служебное сообщение";
}
