import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { packed } from "./vite-packed.ts";

/** `npm run dev` asks the API of a running `make up`. */
const API = process.env.PRIVET_API ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss(), packed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    manifest: true,
    // The policy of the page allows no `data:` script or style, and small files cost nothing beside the others.
    assetsInlineLimit: 0,
    // PDF.js is larger, and waited for only by whoever opens a document; what everybody loads has a budget of its own.
    chunkSizeWarningLimit: 1_500,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": { target: API, changeOrigin: true }, "/openapi.json": API } },
});
