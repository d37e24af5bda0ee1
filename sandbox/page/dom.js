/* Elements from data: text goes in as text only, so nothing that anybody wrote can become markup. */

const SVG = "http://www.w3.org/2000/svg";
const ADDRESS = /https?:\/\/[^\s<>"»]+[^\s<>"».,;:!?)]/g;

/** An element; `on…` are listeners, `data` and `aria` are sets of attributes, null and false leave an attribute out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "aria") Object.entries(value).forEach(([key, one]) => element.setAttribute(`aria-${key}`, one));
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

export const iconButton = (name, label, press) =>
  h("button", { type: "button", class: "icon", title: label, aria: { label }, onclick: press }, icon(name));

/** Makes the children of `list` those of `items` [{key, mark, make}]; one whose mark is the same stays as it is. */
export function keep(list, items) {
  const had = (list.kept ??= new Map());
  const has = new Map();
  let before = list.firstChild;
  for (const { key, mark, make } of items) {
    const old = had.get(key);
    const node = old && old.mark === mark ? old.node : make();
    has.set(key, { mark, node });
    if (node === before) before = before.nextSibling;
    else list.insertBefore(node, before);
  }
  const here = new Set([...has.values()].map(({ node }) => node));
  [...list.children].forEach((node) => here.has(node) || node.remove());
  list.kept = has;
}

/** Text with its addresses as links. */
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    parts.push(text.slice(from, found.index), link(found[0], found[0]));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

/** Only to the web: any other kind of address stays text. */
export function link(url, ...children) {
  if (!/^https?:\/\//i.test(url)) return h("span", {}, ...children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** Pictures and sounds of this server only. */
export const isOurs = (url) => typeof url === "string" && /^\/(?!\/)/.test(url);

export function picture(url, alt) {
  return h("a", { href: url, target: "_blank", class: "picture" }, h("img", { src: url, alt }));
}

export const sound = (url, label) =>
  h("audio", { controls: true, preload: "metadata", src: url, aria: { label } });
