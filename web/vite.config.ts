import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { TARGET } from "./browsers.ts";
import { packed } from "./vite-packed.ts";
import { supported } from "./vite-supported.ts";

/** The API that `npm run dev` proxies to, of a running `make up`. */
const API = process.env.PRIVET_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss(), supported(), packed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: TARGET,
    manifest: true,
    // The Content-Security-Policy allows no `data:` scripts and styles.
    assetsInlineLimit: 0,
    // PDF.js is larger, but loaded only when a document is opened (tests/browser/test_budget.py).
    chunkSizeWarningLimit: 1_500,
    modulePreload: { polyfill: false },
    // One HTML page per app of src/apps.
    rolldownOptions: { input: { manager: "index.html" } },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": { target: API, changeOrigin: true }, "/openapi.json": API } },
});
