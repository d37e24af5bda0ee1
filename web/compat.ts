/**
 * `node compat.ts`: builds the app and looks up, in the data of MDN, what its scripts and styles use. Fails for what a
 * promised browser lacks, in our code as in that of packages. A name counts as safe in a file that tests for it
 * (`typeof`, `in`, a condition, `?.`) or defines it, as polyfills do.
 */
import data from "@mdn/browser-compat-data" with { type: "json" };
import { build, parseSync } from "vite";

import { OLDEST } from "./browsers.ts";
import { features, missingStyles, type Missing } from "./compat-rules.ts";

/** What is missing and does no harm, with the reason. */
const HARMLESS: Record<string, string> = {
  "at-rule @property": "Tailwind sets the initial values itself where it is missing",
  "selector :has": "a chosen option's colour, whose radio button shows it too; focus has another way",
  "selector :popover-open": "in a forgiving `:is()`",
  "selector :open": "in a forgiving `:is()`",
  "property user-select": "also written with a prefix",
  "property backdrop-filter": "also written with a prefix",
  "property overflow-anchor": "a list may jump by a row",
  "property resize": "a text area keeps its size",
};

/** The same, in the scripts of PDF.js alone. */
const HARMLESS_IN_PDF: Record<string, string> = {
  "JSON.rawJSON": "core-js tests for it by trying",
  "JSON.isRawJSON": "core-js tests for it by trying",
  "ImageDecoder.isTypeSupported": "PDF.js tests for `ImageDecoder` by a function of its own",
  "navigator.gpu": "PDF.js draws without WebGPU where it is missing",
  "AbortSignal.any": "in the annotation editor, which the app does not open",
};

const built = await build({ logLevel: "error", build: { write: false } });
if (!("output" in built) && !Array.isArray(built)) throw new Error("no output");
const files = (Array.isArray(built) ? built : [built]).flatMap(({ output }) => output);

const found: (Missing & { file: string })[] = [];
for (const file of files) {
  const content = file.type === "chunk" ? file.code : file.source.toString();
  if (/\.m?js$/.test(file.fileName)) {
    found.push(
      ...features(parseSync(file.fileName, content).program, data, OLDEST).map((one) => ({
        ...one,
        file: file.fileName,
      })),
    );
  } else if (file.fileName.endsWith(".css")) {
    found.push(...missingStyles(content, data, OLDEST).map((one) => ({ ...one, file: file.fileName })));
  }
}

const harmful = found.filter(
  ({ file, name }) =>
    !(name in HARMLESS) && !(/^assets\/(?:pdf-pages|worker)-/.test(file) && name in HARMLESS_IN_PDF),
);
for (const { file, name, browsers } of harmful) {
  process.stderr.write(`${file}: ${name} is missing in ${browsers.join(", ")}\n`);
}
process.exitCode = harmful.length > 0 ? 1 : 0;
