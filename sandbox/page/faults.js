/* Switches of what goes wrong on purpose: which fault, on each n-th call, how often. */

import { attempt, post, remove } from "./api.js";
import { byId, h } from "./dom.js";
import { plural } from "./times.js";

const OF_BOTH = {
  "too-many": "429, сказано сколько ждать",
  "too-many-bare": "429 без подсказки",
  "server-error": "500, ничего не сделано",
  html: "502 с HTML, ничего не сделано",
  "html-after": "502 с HTML, но сделано",
  dropped: "Обрыв связи, но сделано",
};
const HOOKS = {
  "duplicate-hooks": "Вебхуки приходят дважды",
  "lost-hooks": "Вебхуки теряются",
  "late-hooks": "Вебхуки опаздывают",
  "reordered-hooks": "Вебхуки не по порядку",
};
const FAULTS = {
  avito: {
    ...OF_BOTH,
    ...HOOKS,
    "late-lists": "Своё видно не сразу",
    "early-echo": "Эхо раньше ответа",
    "expired-token": "Токен перестал действовать",
    "payment-required": "402: подписка не та",
  },
  telegram: {
    ...OF_BOTH,
    ...HOOKS,
    "topic-deleted": "Тему удалили",
    "topic-closed": "Тему закрыли",
    "group-migrated": "Группа сменила номер",
    kicked: "Бота выгнали из группы",
    "no-voice": "Голосовые запрещены",
  },
  stamping: {
    "too-many": "429, сказано сколько ждать",
    "server-error": "500, штампа нет",
    html: "502 с HTML, штампа нет",
    slow: "Отвечает медленно",
    rejected: "Отказ по протоколу",
    "wrong-imprint": "Штамп на чужой отпечаток",
    dropped: "Обрыв связи",
  },
  mail: {
    "rcpt-later": "450 адресату: позже",
    "rcpt-refused": "550 адресату: нет такого",
    "data-later": "451 письму: позже",
    "data-refused": "554 письму: не принято",
    slow: "Ответ опаздывает",
    "dropped-before": "Обрыв связи, письма нет",
    dropped: "Обрыв связи, письмо есть",
    "no-connection": "Не соединяется",
  },
  sms: {
    refused: "Номеру отказано (код 207)",
    slow: "Начинает с опозданием",
    "late-answer": "SMS сразу, ответ опаздывает",
    twice: "SMS приходит дважды",
    "server-error": "500, ничего не сделано",
    html: "502 с HTML, ничего не сделано",
    "html-after": "502 с HTML, но сделано",
    dropped: "Обрыв связи, но сделано",
  },
};

export class Faults {
  constructor() {
    this.rows = new Map();
    this.numbers = Object.fromEntries([...byId("fault-numbers").querySelectorAll("input")].map((field) => [field.name, field]));
    for (const [side, faults] of Object.entries(FAULTS)) {
      byId(`faults-${side}`).append(...Object.entries(faults).map(([fault, label]) => this.row(side, fault, label)));
    }
    byId("clear-faults").addEventListener("click", () => attempt(() => remove("/faults")));
  }

  /** `armed`: as /sandbox/faults tells it. */
  show(armed) {
    for (const [key, { toggle, how }] of this.rows) {
      const on = armed.filter(({ side, fault }) => `${side} ${fault}` === key);
      toggle.checked = on.length > 0;
      how.textContent = on.map(inWords).join("; ");
    }
    const badge = byId("faults-count");
    badge.hidden = armed.length === 0;
    badge.textContent = armed.length;
  }

  row(side, fault, label) {
    const toggle = h("input", { type: "checkbox", role: "switch" });
    const how = h("small", {});
    toggle.addEventListener("change", () =>
      attempt(() =>
        toggle.checked
          ? post("/faults", { side, fault, ...this.chosen() })
          : remove(`/faults?side=${side}&fault=${fault}`),
      ),
    );
    this.rows.set(`${side} ${fault}`, { toggle, how });
    return h("label", { class: "switch" }, toggle, h("span", {}, label, how));
  }

  /** The numbers above, for what is switched on next. */
  chosen() {
    const { every, times, seconds } = this.numbers;
    return {
      every: Math.max(1, Math.floor(Number(every.value)) || 1),
      times: Math.max(0, Math.floor(Number(times.value))) || null,
      seconds: Math.max(0, Number(seconds.value) || 0),
    };
  }
}

function inWords({ every, times, struck, path }) {
  const rule = every === 1 ? "каждый вызов" : `каждый ${every}-й вызов`;
  const most = times === null ? "" : `, не больше ${plural(times, "раза", "раз", "раз")}`;
  return `${rule}${path ? ` с «${path}»` : ""}${most}; сработало: ${struck}`;
}
