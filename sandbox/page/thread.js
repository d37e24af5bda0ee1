/* A thread of messages that stays at its end, and the composer under it. */

import { h, keep } from "./dom.js";
import { day } from "./times.js";

const NEAR = 80; /* pixels from the end that still count as the end */

export class Thread {
  constructor(list) {
    this.list = list;
    this.shown = null;
    list.addEventListener("load", () => this.atEnd && this.toEnd(), true);
    list.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(list);
    [this.atEnd, this.top] = [true, 0];
  }

  /** `messages`: [{key, at, mark, make}] oldest first; `id` tells threads apart; `empty` is said when there are none. */
  show(id, messages, empty) {
    const other = id !== this.shown;
    if (other) this.list.replaceChildren();
    if (other) this.list.kept = new Map();
    const grew = messages.length > (this.count ?? 0);
    keep(this.list, messages.length ? this.withDays(messages) : [saying(empty)]);
    if (other || this.atEnd) this.toEnd();
    [this.shown, this.count] = [id, messages.length];
    return grew && !other;
  }

  toEnd() {
    this.atEnd = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Only a person scrolls upwards; a picture that loads moves the end away and is followed. */
  scrolled() {
    const { scrollTop } = this.list;
    if (scrollTop < this.top || this.isAtEnd()) this.atEnd = this.isAtEnd();
    this.top = scrollTop;
  }

  isAtEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  withDays(messages) {
    let last = "";
    return messages.flatMap((message) => {
      const name = day(message.at);
      if (name === last) return [message];
      last = name;
      return [{ key: `day ${name}`, mark: name, make: () => h("li", { class: "day" }, h("span", {}, name)) }, message];
    });
  }
}

const saying = (text) => ({ key: "empty", mark: text, make: () => h("li", { class: "empty" }, text) });

export class Composer {
  /** `send({text, who, files, quoted})`: true when it went; then the text is cleared. */
  constructor(form, { more, send }) {
    this.form = form;
    this.text = form.elements.text;
    this.files = form.querySelector("input[type=file]");
    this.quoting = form.querySelector(".quoting");
    this.menu = form.querySelector(".menu");
    this.send = send;
    this.quoted = null;
    this.sending = Promise.resolve();
    form.querySelector("[data-pick]").addEventListener("click", () => this.files.click());
    this.files.addEventListener("change", () => this.submit([...this.files.files]));
    form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("input", () => this.fit());
    this.text.addEventListener("paste", (event) => this.paste(event));
    this.quoting.querySelector("button").addEventListener("click", () => this.quote(null));
    form.querySelectorAll("[data-put]").forEach((one) => one.addEventListener("click", () => this.begin(one.dataset.put)));
    this.fill(more);
    closeOutside(this.menu);
  }

  get who() {
    return new FormData(this.form).get("who");
  }

  fill(more) {
    const list = this.menu.querySelector("ul");
    const item = ([label, action]) =>
      h("li", {}, h("button", { type: "button", onclick: () => ((this.menu.open = false), action()) }, label));
    list.replaceChildren(...more.map((entry) => (entry ? item(entry) : h("li", { role: "separator" }))));
  }

  /** `quoted`: {id, label, text, edits}; null: nothing is answered. */
  quote(quoted) {
    const left = this.quoted;
    this.quoted = quoted;
    this.quoting.hidden = quoted === null;
    if (quoted) this.quoting.querySelector("span").textContent = `${quoted.label}: ${quoted.text}`;
    if (quoted?.edits) this.put(quoted.text);
    else if (left?.edits) this.put("");
    this.text.focus();
  }

  begin(text) {
    this.put(text);
    this.text.focus();
  }

  put(text) {
    this.text.value = text;
    this.fit();
  }

  /** What was written leaves the field at once and comes back when it could not be sent; order is kept. */
  submit(files = []) {
    const message = { text: this.text.value.trim(), files, quoted: this.quoted, who: this.who };
    if (!message.text && !files.length) return;
    [this.quoted, this.quoting.hidden, this.files.value] = [null, true, ""];
    this.put("");
    this.text.focus();
    this.sending = this.sending.then(async () => {
      if (!(await this.send(message)) && !this.text.value) this.put(message.text);
    });
  }

  key(event) {
    if (event.key === "Escape" && this.quoted) this.quote(null);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  paste(event) {
    const files = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (!files.length) return;
    event.preventDefault();
    this.submit(files);
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 140)}px`;
  }
}

function closeOutside(menu) {
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
