/* The page: asks for the state whenever the sandbox says that it changed, and shows it on both sides. */

import { attempt, Failed, get, remove, tell } from "./api.js";
import { AvitoSide } from "./avito.js";
import { byId, h, keep } from "./dom.js";
import { Faults } from "./faults.js";
import { TelegramSide } from "./telegram.js";
import { plural, setNow } from "./times.js";

const SIDES = ["avito", "telegram"];
const LINKS = { app: "Приложение", docs: "Документация API", temporal: "Temporal" };
const AUTO_REPLY_SECONDS = 75;
const NARROW = matchMedia("(max-width: 859px)");

const main = document.querySelector("main");
const avito = new AvitoSide();
const telegram = new TelegramSide();
const faults = new Faults();
let state = null;
let asking = false;
let again = false;
let delay = AUTO_REPLY_SECONDS;

const visible = (side) => document.visibilityState === "visible" && (!NARROW.matches || main.dataset.tab === side);

function draw() {
  if (!state) return;
  setNow(state.now);
  avito.show(state.accounts, visible("avito"));
  telegram.show(state, visible("telegram"));
  faults.show(state.faults);
  drawCounters(state.counters);
  for (const [side, { news }] of [["avito", avito], ["telegram", telegram]]) {
    const badge = byId(`tab-${side}`).querySelector(".badge");
    badge.hidden = news === 0;
    badge.textContent = news;
  }
  countDown();
}

/** One question at a time; what changes meanwhile is asked for afterwards. */
async function refresh() {
  again = true;
  if (asking) return;
  asking = true;
  while (again) {
    again = false;
    try {
      state = await get("/state");
      draw();
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      tell(error.message);
    }
  }
  asking = false;
}

function drawCounters({ calls, violations, hooks_waiting: waiting }) {
  const asked = Object.values(calls).reduce((sum, one) => sum + one, 0);
  const words = asked
    ? `${plural(asked, "вызов", "вызова", "вызовов")} API: Авито ${calls.avito ?? 0}, Telegram ${calls.telegram ?? 0}`
    : "Приложение ещё не обращалось к песочнице";
  const hooks = waiting ? ` · вебхуков в пути: ${waiting}` : "";
  keep(byId("counters"), [
    { key: "calls", mark: words + hooks, make: () => h("span", {}, words + hooks) },
    { key: "wrong", mark: violations, make: () => verdict(violations) },
  ]);
  if (violations === 0) byId("violations").hidden = true;
  else if (!byId("violations").hidden) showViolations();
}

function verdict(violations) {
  if (violations === 0) return h("span", { class: "fine" }, "нарушений нет");
  const words = plural(violations, "нарушение", "нарушения", "нарушений");
  const press = () => ((byId("violations").hidden = !byId("violations").hidden), showViolations());
  return h("button", { type: "button", class: "wrong", aria: { controls: "violations" }, onclick: press }, words);
}

async function showViolations() {
  const told = await attempt(() => get("/violations"));
  if (!told) return;
  const latest = told.slice(-50).reverse();
  byId("violations-list").replaceChildren(...latest.map((text) => h("li", {}, text)));
}

/** The auto-reply of the chat in view; whether it is switched on is known to the application only. */
function countDown() {
  const left = avito.untilAutoReply(delay);
  const soon = left === 0 ? "вот-вот" : `через ~${left}\u00a0с`;
  byId("auto-reply").textContent =
    left === null ? `автоответ (если включён) через ${delay}\u00a0с.` : `автоответ (если включён) ${soon}.`;
}

async function drawLinks() {
  const links = await attempt(() => get("/links"));
  if (!links) return;
  delay = Number(links.auto_reply_seconds) || AUTO_REPLY_SECONDS;
  const known = Object.entries(LINKS).filter(([name]) => /^https?:\/\//.test(links[name] ?? ""));
  byId("links").replaceChildren(
    ...known.map(([name, label]) => h("a", { href: links[name], target: "_blank", rel: "noopener" }, label)),
  );
}

function toggling(button, panel, remembered) {
  const put = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (remembered) localStorage.setItem(remembered, open ? "open" : "closed");
  };
  button.addEventListener("click", () => put(panel.hidden));
  if (remembered && localStorage.getItem(remembered) === "closed") put(false);
}

function choose(side) {
  main.dataset.tab = side;
  for (const one of SIDES) {
    const tab = byId(`tab-${one}`);
    tab.setAttribute("aria-selected", String(one === side));
    tab.tabIndex = one === side ? 0 : -1;
  }
  draw();
  [avito, telegram].forEach(({ thread }) => thread.atEnd && thread.toEnd());
}

function prepareTabs() {
  for (const side of SIDES) byId(`tab-${side}`).addEventListener("click", () => choose(side));
  document.querySelector(".tabs").addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    choose(main.dataset.tab === "avito" ? "telegram" : "avito");
    byId(`tab-${main.dataset.tab}`).focus();
  });
}

function listen() {
  const events = new EventSource("/sandbox/events");
  events.onmessage = refresh;
  events.onopen = () => document.body.classList.remove("offline");
  events.onerror = () => document.body.classList.add("offline");
}

toggling(byId("show-guide"), byId("guide"), "guide");
toggling(byId("show-faults"), byId("faults"));
byId("clear-journal").addEventListener("click", () => attempt(() => remove("/journal")));
document.addEventListener("visibilitychange", draw);
NARROW.addEventListener("change", draw);
setInterval(countDown, 1000);
prepareTabs();
drawLinks();
listen();
