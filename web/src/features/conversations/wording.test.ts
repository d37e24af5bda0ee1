import { describe, expect, it } from "vitest";

import { authorOf, failureOf, mapOf, statusOf, textOf, waiting } from "./wording";

const FILE = { id: "1", kind: "image", file_name: null, content_type: "image/png", size: 1, missing: false };

describe("a message in words", () => {
  it.each([
    ["buyer", "Ольга", "Покупатель Ольга"],
    ["buyer", "Сотрудник, с сайта", "Покупатель Сотрудник, с сайта"],
    ["buyer", "", "Покупатель"],
    ["buyer", null, "Покупатель"],
    ["auto", "Ольга", "Автоответ"],
  ] as const)("of %s (%s) is by %s", (author, buyer, name) => {
    expect(authorOf({ author }, buyer)).toBe(name);
  });

  it("says what it is where it has no text and no file to show", () => {
    expect(textOf({ body: "Привет", kind: "text", attachments: [] })).toBe("Привет");
    expect(textOf({ body: "", kind: "image", attachments: [{ ...FILE, url: "https://s/1" }] })).toBe("");
    expect(textOf({ body: "", kind: "image", attachments: [{ ...FILE, url: null }] })).toBe("Фото");
    const late = { ...FILE, url: null, missing: true };
    expect(textOf({ body: "", kind: "voice", attachments: [late] })).toContain("получить не удалось");
    expect(textOf({ body: "", kind: "hologram", attachments: [] })).toContain("в приложении Avito");
  });

  it("is a mark on a map where it is a place", () => {
    expect(mapOf({ latitude: 55.75, longitude: 37.61 })).toBe(
      "https://yandex.ru/maps/?pt=37.61,55.75&z=16&l=map",
    );
  });

  it("has a status only on its way to the buyer", () => {
    expect(statusOf({ direction: "avito", status: "delivered" })).toBeUndefined();
    expect(statusOf({ direction: "telegram", status: "delivered" })).toBe("Прочитано");
    expect(statusOf({ direction: "telegram", status: "failed" })).toBe("Не отправлено");
  });

  it.each([
    ["2026-11-21T08:59:30Z", "ждёт меньше минуты"],
    ["2026-11-21T08:39:00Z", "ждёт 21 минуту"],
    ["2026-11-21T06:59:00Z", "ждёт 2 часа"],
    ["2026-11-16T06:59:00Z", "ждёт 5 дней"],
  ])("since %s the buyer %s", (since, words) => {
    expect(waiting(since, Date.parse("2026-11-21T09:00:00Z"))).toBe(words);
  });
});

it.each([
  [
    "Avito не ответил и не показывает его в чате. Проверьте чат; отправить ещё раз — /retry.",
    "Avito не ответил и не показывает его в чате. Проверьте чат.",
  ],
  ["Покупатель вас заблокировал.", "Покупатель вас заблокировал."],
])("the failure %j is told as %j, without the command of the topic", (stored, told) => {
  expect(failureOf(stored)).toBe(told);
});
