import boundaries from "eslint-plugin-boundaries";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const LONGEST_COMPONENT = { max: 250, skipBlankLines: false, skipComments: false };

const allow = (from, ...to) => ({
  from: { element: { type: from } },
  allow: { to: { element: { type: to } } },
});

/** Files of one app, feature or entity may import each other. */
const allowSameName = (type) => ({
  from: { element: { type } },
  allow: { to: { element: { type, captured: { name: "{{from.element.captured.name}}" } } } },
});

export default defineConfig([
  globalIgnores(["dist", "node_modules", "src/shared/api/generated/schema.d.ts"]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
    plugins: { boundaries },
    settings: {
      "import/resolver": { typescript: { project: "./tsconfig.app.json" } },
      "boundaries/elements": [
        { type: "app", pattern: "src/apps/*", capture: ["name"] },
        { type: "feature", pattern: "src/features/*", capture: ["name"] },
        { type: "entity", pattern: "src/entities/*", capture: ["name"] },
        { type: "shared", pattern: "src/shared" },
      ],
    },
    rules: {
      "max-lines": ["error", LONGEST_COMPONENT],
      "no-console": "error",
      "no-restricted-globals": [
        "error",
        { name: "localStorage", message: "Nothing of a client is kept in the browser." },
        { name: "sessionStorage", message: "Nothing of a client is kept in the browser." },
        { name: "indexedDB", message: "Nothing of a client is kept in the browser." },
      ],
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          policies: [
            allow("app", "feature", "entity", "shared"),
            allow("feature", "entity", "shared"),
            allow("entity", "shared"),
            allow("shared", "shared"),
            allowSameName("app"),
            allowSameName("feature"),
            allowSameName("entity"),
            // Photos are stored on the client's card. No other entity imports another.
            {
              from: { element: { type: "entity", captured: { name: "photos" } } },
              allow: { to: { element: { type: "entity", captured: { name: "clients" } } } },
            },
          ],
        },
      ],
      // Redirects of the router are thrown.
      "@typescript-eslint/only-throw-error": [
        "error",
        { allow: [{ from: "package", package: "@tanstack/router-core", name: "Redirect" }] },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
]);
