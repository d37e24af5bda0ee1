import { defineConfig, mergeConfig } from "vitest/config";

import base from "./vite.config.ts";

// Rules are pure and need no DOM. Screens are tested in a real browser (tests/browser).
export default mergeConfig(
  base,
  defineConfig({ test: { environment: "node", include: ["src/**/*.test.ts", "*.test.ts"] } }),
);
