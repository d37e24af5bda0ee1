/* The telephones: which got an SMS, and what it says. One that is off gets its messages when it is switched on. */

import { attempt, get, post, remove } from "./api.js";
import { byId, h, keep } from "./dom.js";
import { clock, plural, setNow } from "./times.js";

const NOTHING = "SMS ещё не приходили.";

let chosen = null;

async function refresh() {
  const phones = await attempt(() => get("/phones"));
  if (!phones) return;
  setNow(Date.now() / 1000);
  const count = phones.reduce((sum, { messages }) => sum + messages.length, 0);
  byId("counters").textContent = count ? plural(count, "сообщение", "сообщения", "сообщений") : "SMS ещё нет";
  if (!phones.some(({ number }) => number === chosen)) chosen = phones[0]?.number ?? null;
  keep(
    byId("phones"),
    phones.map((one) => ({ key: one.number, mark: JSON.stringify([one, one.number === chosen]), make: () => row(one) })),
  );
  show(phones.find(({ number }) => number === chosen));
}

function row({ number, off, messages }) {
  const choose = () => ((chosen = number), refresh());
  const last = messages.at(-1);
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "row", aria: { current: String(number === chosen) }, onclick: choose },
      h("span", { class: "row-top" }, h("b", {}, spoken(number)), last && h("time", {}, clock(last.at))),
      h("span", { class: "row-last" }, off ? "выключен" : (last?.text ?? "")),
    ),
  );
}

function show(phone) {
  keep(byId("phone-about"), phone ? [{ key: "about", mark: JSON.stringify([phone.number, phone.off, phone.waiting]), make: () => about(phone) }] : []);
  const items = (phone?.messages ?? []).map((one) => ({ key: `${one.id} ${one.copy}`, mark: one.text, make: () => message(one) }));
  keep(byId("messages"), items.length ? items : [{ key: "empty", mark: NOTHING, make: () => h("li", { class: "empty" }, NOTHING) }]);
  byId("messages").scrollTop = byId("messages").scrollHeight;
}

function about({ number, off, waiting }) {
  const press = () => attempt(() => post(`/phones/${number}`, { off: !off }));
  const note = off ? `выключен${waiting ? `, ждут: ${waiting}` : ""}` : "включён";
  return h(
    "div",
    {},
    h("b", {}, spoken(number)),
    h("span", { class: "side-note" }, note),
    h("button", { type: "button", class: "text", onclick: press }, off ? "Включить телефон" : "Выключить телефон"),
  );
}

const message = ({ text, at }) =>
  h(
    "li",
    { class: "message" },
    h("div", { class: "bubble" }, h("p", { class: "said" }, text), h("footer", {}, h("time", {}, clock(at)))),
  );

/** «+7 900 123-45-67» */
const spoken = (number) => number.replace(/^(\d)(\d{3})(\d{3})(\d{2})(\d{2})$/, "+$1 $2 $3-$4-$5");

byId("clear-phones").addEventListener("click", () => attempt(() => remove("/phones")));
const events = new EventSource("/sandbox/events");
events.onmessage = refresh;
events.onopen = () => document.body.classList.remove("offline");
events.onerror = () => document.body.classList.add("offline");
