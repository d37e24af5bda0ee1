import type { SchemaApiStaffShapesMessageView as Message } from "@/shared/api/generated/schema";
import { plural } from "@/shared/lib/format";

const MINUTE = 60_000;

const AUTHORS: Record<Message["author"], string> = {
  buyer: "Покупатель",
  seller_app: "Вы, в приложении Avito",
  staff: "Сотрудник, из Telegram",
  api: "Сотрудник, с сайта",
  auto: "Автоответ",
  system: "Avito",
};

/** Author of a message. A buyer chooses his name, so it never stands alone: it could be that of another author. */
export function authorOf(message: Pick<Message, "author">, buyer: string | null): string {
  const author = AUTHORS[message.author];
  return message.author === "buyer" && buyer ? `${author} ${buyer}` : author;
}

const FILES: Partial<Record<string, string>> = {
  image: "Фото",
  voice: "Голосовое сообщение",
  sticker: "Стикер",
};

const MISSING: Partial<Record<string, string>> = {
  image: "Фото: получить не удалось.",
  voice: "Голосовое сообщение: получить не удалось.",
};

const UNKNOWN = "Такое сообщение можно посмотреть только в приложении Avito.";

/** Text of a message; the name of its file while that is not there; empty when files are shown instead. */
export function textOf(message: Pick<Message, "body" | "kind" | "attachments">): string {
  if (message.body !== "") return message.body;
  if (message.attachments.some((file) => file.url !== null)) return "";
  if (message.attachments.some((file) => file.missing))
    return MISSING[message.kind] ?? "Файл: получить не удалось.";
  return FILES[message.kind] ?? UNKNOWN;
}

/** A map with a mark at the place. */
export function mapOf({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return `https://yandex.ru/maps/?pt=${longitude},${latitude}&z=16&l=map`;
}

/** Delivery status of an outgoing message; undefined for the buyer's messages. */
export function statusOf(message: Pick<Message, "direction" | "status">): string | undefined {
  if (message.direction === "avito") return undefined;
  switch (message.status) {
    case "pending":
      return "Ждёт отправки";
    case "sent":
      return "Отправлено";
    case "delivered":
      return "Прочитано";
    case "failed":
      return "Не отправлено";
  }
}

/** «ждёт 12 минут»: time without an answer. */
export function waiting(since: string, now: number): string {
  const minutes = Math.floor(Math.max(0, now - Date.parse(since)) / MINUTE);
  if (minutes < 1) return "ждёт меньше минуты";
  if (minutes < 60) return `ждёт ${minutes} ${plural(minutes, "минуту", "минуты", "минут")}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `ждёт ${hours} ${plural(hours, "час", "часа", "часов")}`;
  const days = Math.floor(hours / 24);
  return `ждёт ${days} ${plural(days, "день", "дня", "дней")}`;
}

/** Reason of a failed delivery, without the Telegram command: the web app has a button instead. */
export function failureOf(failure: string): string {
  return failure.replace(/[;,]? отправить ещё раз — \/retry\.?$/i, "").replace(/[^.!?…]$/, "$&.");
}
