/* The operators' side: topics of the group, General, private chats with bots, and everything that people do there. */

import { attempt, encoded, post, sample } from "./api.js";
import { byId, h, iconButton, keep } from "./dom.js";
import { look, unseen } from "./seen.js";
import { bubble, inShort, said, text } from "./telegram-message.js";
import { Composer, Thread } from "./thread.js";
import { clock } from "./times.js";

const ANNA = 501;
const PEOPLE = { 501: "Анна", 502: "Игорь" };
const GENERAL = "topic 0";
const BAD = "Авито этого не примет";

export class TelegramSide {
  constructor() {
    this.thread = new Thread(byId("topic-messages"));
    this.state = { groups: [], bots: [], privates: [] };
    this.composer = new Composer(byId("topic-form"), { more: [], send: (message) => this.write(message) });
    byId("group").addEventListener("change", (event) => ((this.chosenGroup = event.target.value), this.draw()));
  }

  get group() {
    return this.state.groups.find((one) => String(one.chat_id) === this.chosenGroup) ?? this.state.groups[0];
  }

  /** Everything that can be chosen: [{id, thread, name, messages, closed, bot}]. */
  get threads() {
    const general = { id: GENERAL, thread: 0, name: "General", messages: this.group?.general ?? [] };
    const topics = (this.group?.topics ?? []).map((one) => ({ ...one, id: `topic ${one.thread_id}`, thread: one.thread_id }));
    const last = ({ messages }) => messages.at(-1)?.message_id ?? 0;
    return [...topics.sort((one, other) => last(other) - last(one)), general, ...this.privates];
  }

  get privates() {
    const inGroups = new Set(this.state.groups.flatMap((group) => group.bots));
    return this.state.bots.flatMap((bot) => {
      const talk = this.state.privates.find((one) => one.bot_id === bot.id && one.user_id === ANNA);
      if (!talk && inGroups.has(bot.id)) return [];
      return [{ id: `bot ${bot.id}`, thread: null, bot, name: `@${bot.username}`, messages: talk?.messages ?? [] }];
    });
  }

  get current() {
    const { threads } = this;
    return threads.find((one) => one.id === this.chosen) ?? threads[0];
  }

  get path() {
    return `/groups/${this.group.chat_id}/topics/${this.current.thread}`;
  }

  get news() {
    return this.threads.reduce((sum, one) => sum + this.newsOf(one), 0);
  }

  newsOf = ({ id, messages }) => unseen(`${this.group?.chat_id} ${id}`, incoming(messages));

  /** `visible`: the person sees this side now. A topic that has just been made is shown, unless somebody is writing. */
  show(state, visible) {
    const known = new Set(this.threads.map(({ id }) => id));
    this.state = state;
    this.visible = visible;
    const fresh = this.threads.find(({ id, thread }) => thread && !known.has(id));
    if (fresh && !this.composer.text.value && (this.drawn || !this.chosen)) this.chosen = fresh.id;
    this.draw();
    this.drawn = true;
  }

  draw() {
    const select = byId("group");
    const { groups } = this.state;
    select.hidden = groups.length < 2;
    keep(
      select,
      groups.map(({ chat_id: id, title }) => ({ key: id, mark: title, make: () => h("option", { value: id }, title) })),
    );
    this.composer.form.hidden = !this.group;
    if (!this.group) return this.thread.show(null, [], "Групп в песочнице ещё нет.");
    select.value = this.group.chat_id;
    this.chosen = this.current.id;
    if (this.visible) look(`${this.group.chat_id} ${this.chosen}`, incoming(this.current.messages));
    this.drawList();
    this.drawAbout();
    this.drawPinned();
    this.drawMessages();
    this.drawComposer();
  }

  drawList() {
    keep(
      byId("topics"),
      this.threads.map((one) => {
        const last = one.messages.at(-1);
        const news = this.newsOf(one);
        const mark = JSON.stringify([one.name, one.closed, last, one.id === this.chosen, news]);
        return { key: one.id, mark, make: () => this.row(one, last, news) };
      }),
    );
  }

  row(one, last, news) {
    const choose = () => ((this.chosen = one.id), this.composer.quoted && this.composer.quote(null), this.draw());
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: `row ${one.closed ? "closed" : ""}`, aria: { current: String(one.id === this.chosen) }, onclick: choose },
        h("span", { class: "row-top" }, h("b", {}, one.name), last && h("time", {}, clock(last.date))),
        h("span", { class: "row-last" }, preview(one, last)),
        news > 0 && h("b", { class: "badge", aria: { label: `Новых: ${news}` } }, String(news)),
      ),
    );
  }

  drawAbout() {
    const { name, thread, closed, bot } = this.current;
    const where = bot ? "личный чат с ботом" : `${this.group.title}${closed ? " · тема закрыта" : ""}`;
    const change = (word, what) =>
      h("button", { type: "button", class: "text", onclick: () => this.act(`${this.path}/${what}`) }, word);
    const about = () => [
      h("div", {}, h("b", { title: name }, name), h("span", { class: "side-note" }, where)),
      thread > 0 && h("div", { class: "about-tools" }, closed ? change("Открыть", "reopen") : change("Закрыть", "close"), change("Удалить тему", "delete")),
    ];
    keep(byId("topic-about"), [{ key: 1, mark: [this.chosen, name, where].join("|"), make: () => h("div", { class: "about-row" }, about()) }]);
  }

  drawPinned() {
    const card = this.current.messages.filter((message) => message.pinned && !message.deleted).at(-1);
    const box = byId("pinned");
    box.hidden = !card;
    const mark = JSON.stringify(card ?? null);
    if (!card || box.mark === mark) return;
    box.mark = mark;
    box.querySelector("span").textContent = text(card).split("\n")[0] || inShort(card);
    box.querySelector("div").replaceChildren(said(card) || "");
  }

  drawMessages() {
    const { messages, id, bot } = this.current;
    const byKey = new Map(messages.map((message) => [message.message_id, message]));
    const view = (message) => {
      const answered = message.reply_to === this.current.thread ? undefined : byKey.get(message.reply_to);
      const press = (data) => this.act(`/groups/${this.group.chat_id}/press`, { message_id: message.message_id, data });
      const own = !message.by_bot;
      return {
        key: message.message_id,
        at: message.date,
        mark: JSON.stringify([message, answered]),
        make: () => bubble(message, { own, answered, press, share: () => this.share("own"), tools: bot ? [] : this.tools(message, own) }),
      };
    };
    const empty = bot ? "Напишите боту /start, и он ответит ссылкой для входа." : "Здесь ещё ничего не писали.";
    this.thread.show(`${this.group.chat_id} ${id}`, messages.map(view), empty);
  }

  tools(message, own) {
    const { message_id: id } = message;
    const quote = (label, more) => () => this.composer.quote({ id, label, text: text(message) || inShort(message), ...more });
    return [
      iconButton("reply", "Ответить на сообщение", quote("В ответ на")),
      own && text(message) && iconButton("edit", "Изменить", quote("Правка", { edits: true })),
      own && iconButton("bin", "Удалить", () => this.act(`${this.path}/delete-message`, { message_id: id })),
    ];
  }

  drawComposer() {
    const { bot, id } = this.current;
    const { form, text: field } = this.composer;
    form.classList.toggle("private", Boolean(bot));
    field.placeholder = bot ? "/start" : id === GENERAL ? "Сообщение в General" : "Ответ покупателю";
    const kind = bot ? "private" : "group";
    if (this.menuKind !== kind) this.composer.fill(bot ? this.privateMenu() : this.groupMenu());
    this.menuKind = kind;
  }

  privateMenu() {
    const share = (how) => () => this.share(how);
    return [
      ["/start", () => this.write({ text: "/start", files: [] })],
      null,
      ["Свой контакт (номер — из поля ввода, если он там)", share("own")],
      ["Контакт другого человека", share("other")],
      ["Карточка, набранная вручную", share("typed")],
      ["Пересланный контакт", share("forwarded")],
      null,
      ["Заблокировать бота", () => this.act(`/private/${ANNA}/block`, { bot_token: this.current.bot.token })],
      ["Разблокировать бота", () => this.act(`/private/${ANNA}/block`, { bot_token: this.current.bot.token, blocked: false })],
    ];
  }

  groupMenu() {
    const kind = (name) => () => this.act(`${this.path}/messages`, { kind: name, ...this.author() });
    return [
      ["Фото (образец)", kind("photo")],
      ["Альбом (два образца)", () => this.album()],
      ["Картинка файлом", kind("image_document")],
      ["Стикер", kind("static_sticker")],
      ["Место на карте", kind("location")],
      ["Контакт", kind("contact")],
      null,
      [`Голосовое — ${BAD}`, kind("voice")],
      [`Видео — ${BAD}`, kind("video")],
      [`Кружок — ${BAD}`, kind("video_note")],
      [`Документ — ${BAD}`, kind("document")],
      [`Живой стикер — ${BAD}`, kind("sticker")],
      [`Опрос — ${BAD}`, kind("poll")],
    ];
  }

  author(who = this.composer.who) {
    return who === "anonymous" ? { anonymous_admin: true } : { from_id: Number(who), from_name: PEOPLE[who] };
  }

  /** The digits in the field become the number of the person's own account, or of the card. */
  share(how) {
    const digits = this.composer.text.value.replace(/\D/g, "");
    const number = digits.length < 5 ? {} : how === "own" ? { own_phone: digits } : { phone: digits };
    const body = { bot_token: this.current.bot.token, from_name: PEOPLE[ANNA], how, ...number };
    return this.act(`/private/${ANNA}/contacts`, body);
  }

  act(path, body) {
    return attempt(() => post(path, body));
  }

  async album() {
    const photos = [await sample(160), await sample(20)];
    return this.act(`${this.path}/albums`, { photos, ...this.person() });
  }

  /** Albums come from people only. */
  person(who) {
    const { from_id = ANNA, from_name = PEOPLE[ANNA] } = this.author(who);
    return { from_id, from_name };
  }

  async write({ text: words, files, quoted, who }) {
    const { bot } = this.current;
    if (bot) {
      return this.act(`/private/${ANNA}/messages`, { bot_token: bot.token, text: words, from_name: PEOPLE[ANNA] });
    }
    const path = this.path;
    if (quoted?.edits) return this.act(`${path}/edit`, { message_id: quoted.id, text: words });
    const photos = await Promise.all(files.slice(0, 10).map(encoded));
    if (photos.length > 1) return this.act(`${path}/albums`, { photos, caption: words || null, ...this.person(who) });
    const answer = { reply_to: quoted?.id ?? null, ...this.author(who) };
    if (photos.length) return this.act(`${path}/messages`, { photo: photos[0], caption: words || null, ...answer });
    return this.act(`${path}/messages`, { text: words, ...answer });
  }
}

function preview({ bot }, last) {
  if (!last) return bot ? "Личный чат с ботом" : "Пока пусто";
  return `${last.kind === "service" ? "" : `${last.from.first_name}: `}${inShort(last)}`;
}

const incoming = (messages) => messages.filter(({ by_bot: byBot, kind }) => byBot && kind !== "service").map((one) => one.message_id);
