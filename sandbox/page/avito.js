/* The buyer's side: chats, their messages, and everything that a buyer, the seller's application and Avito can do. */

import { attempt, encoded, post, segment } from "./api.js";
import { bubble, inShort } from "./avito-message.js";
import { byId, h, iconButton, keep, link } from "./dom.js";
import { look, unseen } from "./seen.js";
import { Composer, Thread } from "./thread.js";
import { clock, now } from "./times.js";

const BEGINS = 60; /* seconds within which a chat with no answer still counts as one that waits for the auto-reply */

export class AvitoSide {
  constructor() {
    this.thread = new Thread(byId("chat-messages"));
    this.accounts = [];
    this.composer = new Composer(byId("chat-form"), { more: this.more(), send: (message) => this.write(message) });
    this.composer.form.addEventListener("change", () => this.label());
    byId("account").addEventListener("change", (event) => ((this.chosenAccount = event.target.value), this.draw()));
    byId("new-chat").addEventListener("click", () => byId("chat-dialog").showModal());
    this.prepareDialog(byId("chat-dialog"));
  }

  get account() {
    return this.accounts.find((one) => String(one.user_id) === this.chosenAccount) ?? this.accounts[0];
  }

  get chat() {
    return this.account?.chats.find((one) => one.id === this.chosen) ?? this.account?.chats[0];
  }

  get path() {
    return `/accounts/${this.account.user_id}/chats/${segment(this.chat.id)}`;
  }

  /** `visible`: the person sees this side now. */
  show(accounts, visible) {
    this.accounts = accounts;
    this.visible = visible;
    this.draw();
  }

  /** Messages of sellers that the person has not seen. */
  get news() {
    return (this.account?.chats ?? []).reduce((sum, chat) => sum + this.newsOf(chat), 0);
  }

  newsOf = (chat) => unseen(chat.id, incoming(chat));

  draw() {
    const select = byId("account");
    select.hidden = this.accounts.length < 2;
    const title = (one) => (one.employee ? `${one.name} (ключ сотрудника)` : one.name);
    keep(
      select,
      this.accounts.map((one) => ({
        key: one.user_id,
        mark: title(one),
        make: () => h("option", { value: one.user_id }, title(one)),
      })),
    );
    if (!this.account) return this.nothing("Кабинетов Авито в песочнице ещё нет.");
    if (!this.chat) return this.nothing("Чатов ещё нет. Начните первый кнопкой «Новый чат».");
    select.value = this.account.user_id;
    this.chosen = this.chat.id;
    if (this.visible) look(this.chat.id, incoming(this.chat));
    this.composer.form.hidden = false;
    this.drawList();
    this.drawAbout();
    this.drawMessages();
    this.label();
  }

  nothing(text) {
    keep(byId("chats"), []);
    byId("chat-about").replaceChildren();
    this.composer.form.hidden = true;
    this.thread.show(null, [], text);
  }

  drawList() {
    keep(
      byId("chats"),
      this.account.chats.map((chat) => {
        const last = [...chat.messages.slice(-1)][0];
        const news = this.newsOf(chat);
        const mark = JSON.stringify([chat.buyer_name, chat.item, last, chat.id === this.chosen, news]);
        return { key: chat.id, mark, make: () => this.row(chat, last, news) };
      }),
    );
  }

  row(chat, last, news) {
    const current = chat.id === this.chosen;
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "row", aria: { current: String(current) }, onclick: () => this.choose(chat.id) },
        h("span", { class: "row-top" }, h("b", {}, chat.buyer_name), last && h("time", {}, clock(last.created))),
        h("span", { class: "row-item" }, chat.item?.title ?? "О профиле"),
        h("span", { class: "row-last" }, last ? `${last.direction === "out" ? "Продавец: " : ""}${inShort(last)}` : " "),
        news > 0 && h("b", { class: "badge", aria: { label: `Новых: ${news}` } }, String(news)),
      ),
    );
  }

  choose(id) {
    this.chosen = id;
    this.composer.quoted && this.composer.quote(null);
    this.draw();
  }

  drawAbout() {
    const { item, buyer_name: buyer, blocked } = this.chat;
    const about = [
      h("b", {}, item ? link(item.url, item.title) : "Чат о профиле, без объявления"),
      h("span", {}, [item?.price_string, item?.city].filter(Boolean).join(" · ") || this.account.name),
      h("span", { class: "side-note" }, `${buyer} ⟷ ${this.account.name}${blocked === null ? "" : " · заблокирован продавцом"}`),
    ];
    keep(byId("chat-about"), [
      { key: this.chat.id, mark: JSON.stringify(this.chat.item) + blocked, make: () => h("div", {}, about) },
    ]);
  }

  drawMessages() {
    const { chat, account } = this;
    const byKey = new Map(chat.messages.map((message) => [message.id, message]));
    const view = (message) => {
      const quoted = byKey.get(message.quote_id);
      const own = message.via === "buyer";
      return {
        key: message.id,
        at: message.created,
        mark: JSON.stringify([message, quoted]),
        make: () => bubble(message, { own, account: account.user_id, quoted, tools: this.tools(message, own) }),
      };
    };
    this.thread.show(chat.id, chat.messages.map(view), "Сообщений ещё нет.");
  }

  tools(message, own) {
    const quoted = { id: message.id, label: "В ответ на", text: inShort(message) };
    return [
      iconButton("reply", "Ответить", () => this.composer.quote(quoted)),
      own && iconButton("bin", "Удалить", () => this.act(`${this.path}/messages/${message.id}/delete`)),
    ];
  }

  label() {
    const seller = this.composer.who === "seller";
    const { text, form } = this.composer;
    text.placeholder = seller ? "Сообщение покупателю мимо нас" : "Сообщение продавцу";
    text.setAttribute("aria-label", seller ? "Сообщение продавца из приложения" : "Сообщение покупателя");
    form.querySelector("label span").textContent = `Покупатель ${this.chat?.buyer_name ?? ""}`.trim();
  }

  more() {
    const typed = (type) => () => this.act(`${this.path}/messages`, { type, text: this.composer.text.value.trim() });
    const bare = (type) => () => this.act(`${this.path}/messages`, { type });
    return [
      ["Голосовое (образец)", bare("voice")],
      ["Картинка (образец)", bare("image")],
      ["Ссылка", () => this.act(`${this.path}/messages`, ofText("Нашёл такой же: https://example.com/velosiped"))],
      ["Объявление", bare("item")],
      ["Место на карте", bare("location")],
      ["Пропущенный звонок", bare("call")],
      ["Видео (Авито его не отдаёт)", bare("video")],
      ["Файл (Авито его не отдаёт)", bare("file")],
      ["Системное сообщение", typed("system")],
      null,
      ["Удалить своё последнее", () => this.deleteLast()],
      ["Прочитать всё", () => this.act(`${this.path}/read`)],
    ];
  }

  act(path, body) {
    return attempt(() => post(path, body));
  }

  deleteLast() {
    const own = this.chat.messages.filter((message) => message.via === "buyer" && message.type !== "deleted");
    if (own.length) this.act(`${this.path}/messages/${own.at(-1).id}/delete`);
  }

  async write({ text, files, quoted, who }) {
    const path = this.path;
    if (who === "seller" && !files.length) return this.act(`${path}/as-seller`, { text });
    for (const file of files) {
      const image = await encoded(file);
      if (!(await this.act(`${path}/messages`, { type: "image", image }))) return null;
    }
    if (!text) return true;
    return this.act(`${path}/messages`, { ...ofText(text), quote_id: quoted?.id ?? null });
  }

  prepareDialog(dialog) {
    const form = dialog.querySelector("form");
    const { kind, title } = form.elements;
    kind.addEventListener("change", () => {
      form.querySelector(".item").hidden = kind.value !== "u2i";
      title.required = kind.value === "u2i";
    });
    form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
    form.addEventListener("submit", () => this.begin(Object.fromEntries(new FormData(form))));
  }

  async begin({ kind, buyer_name, title, price_string, city, text }) {
    const item = kind === "u2i" ? { title, price_string, city: city || null } : null;
    const account = `/accounts/${this.account.user_id}`;
    const made = await this.act(`${account}/chats`, { kind, buyer_name, item });
    if (!made) return;
    this.chosen = made.chat_id;
    if (text.trim()) await this.act(`${account}/chats/${segment(made.chat_id)}/messages`, ofText(text.trim()));
  }

  /** Seconds to the auto-reply of the chat in view, if one is to come; null: somebody has answered, or it is late. */
  untilAutoReply(delay) {
    const last = this.chat?.messages.filter((message) => message.via !== "avito" && message.type !== "deleted").at(-1);
    if (!last || last.via !== "buyer" || last.type === "call") return null;
    const left = last.created + delay - now();
    return left > -BEGINS ? Math.max(0, Math.ceil(left)) : null;
  }
}

/** Avito makes a link of a text with an address in it. */
const ofText = (text) => ({ type: /https?:\/\/\S/.test(text) ? "link" : "text", text });

const incoming = (chat) => chat.messages.filter((message) => message.via !== "buyer").map((message) => message.id);
