import { defineConfig, mergeConfig } from "vitest/config";

import base from "./vite.config.ts";

// Rules are pure: no document is needed to prove them. Screens are proven in a real browser (tests/browser).
export default mergeConfig(
  base,
  defineConfig({ test: { environment: "node", include: ["src/**/*.test.ts"] } }),
);
