/* The mailbox: letters that the product has sent, one of them in full. HTML of a letter runs no script: its address
   forbids it, and so does the frame. */

import { attempt, get, remove } from "./api.js";
import { byId, h, icon, keep, linked } from "./dom.js";
import { clock, plural, setNow } from "./times.js";

let chosen = null;
let shown = null;

async function refresh() {
  const letters = await attempt(() => get("/mail"));
  if (!letters) return;
  setNow(Date.now() / 1000);
  byId("counters").textContent = letters.length ? plural(letters.length, "письмо", "письма", "писем") : "Писем ещё нет";
  if (!letters.some(({ id }) => id === chosen)) chosen = letters[0]?.id ?? null;
  keep(
    byId("letters"),
    letters.map((one) => ({ key: one.id, mark: `${one.id === chosen}`, make: () => row(one) })),
  );
  if (shown !== chosen) await show();
}

function row(one) {
  const choose = () => ((chosen = one.id), refresh());
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "row", aria: { current: String(one.id === chosen) }, onclick: choose },
      h("span", { class: "row-top" }, h("b", {}, one.subject || "Без темы"), h("time", {}, clock(one.at))),
      h("span", { class: "row-last" }, one.to.join(", ")),
    ),
  );
}

async function show() {
  const letter = chosen === null ? null : await attempt(() => get(`/mail/${chosen}`));
  shown = letter?.id ?? null;
  byId("letter-about").replaceChildren(...(letter ? [about(letter)] : []));
  byId("letter").replaceChildren(...(letter ? body(letter) : [h("p", { class: "empty" }, "Писем ещё нет.")]));
}

function about({ id, subject, headers }) {
  const lines = Object.entries(headers).filter(([name]) => name !== "Subject");
  return h(
    "div",
    {},
    h("b", {}, subject || "Без темы"),
    lines.map(([name, value]) => h("span", { class: "side-note", title: value }, `${name}: ${value}`)),
    h("a", { href: `/sandbox/mail/${id}/source`, target: "_blank" }, "Как пришло"),
  );
}

function body({ id, text, has_html: hasHtml, attachments }) {
  const address = `/sandbox/mail/${id}`;
  return [
    attachments.map(({ number, name, size }) =>
      h(
        "p",
        { class: "kind" },
        icon("file"),
        h("a", { href: `${address}/attachments/${number}`, download: name ?? "" }, `${name ?? "Файл"}, ${inBytes(size)}`),
      ),
    ),
    text && h("p", { class: "said" }, linked(text)),
    hasHtml && h("iframe", { src: `${address}/html`, sandbox: "", title: "Письмо в оформлении" }),
  ].flat().filter(Boolean);
}

const inBytes = (size) => (size < 1024 ? `${size} Б` : `${Math.round(size / 1024)} КБ`);

byId("clear-mail").addEventListener("click", () => attempt(() => remove("/mail")));
const events = new EventSource("/sandbox/events");
events.onmessage = refresh;
events.onopen = () => document.body.classList.remove("offline");
events.onerror = () => document.body.classList.add("offline");
