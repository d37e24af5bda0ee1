import { readFile } from "node:fs/promises";

import type { Plugin } from "vite";

const FILE = new URL("./supported.js", import.meta.url);

/** Adds `supported.js` to the page as a classic script with a hashed name: it runs before the app, which is a module. */
export function supported(): Plugin {
  let building = false;
  return {
    name: "supported",
    configResolved(config) {
      building = config.command === "build";
    },
    async buildStart() {
      if (building)
        this.emitFile({ type: "asset", name: "supported.js", source: await readFile(FILE, "utf8") });
    },
    transformIndexHtml(_, { bundle = {} }) {
      const built = Object.keys(bundle).find((name) => name.startsWith("assets/supported-"));
      return [{ tag: "script", attrs: { src: `/${built ?? "supported.js"}` }, injectTo: "body" }];
    },
  };
}
