/** The oldest browsers that the app promises (docs/decisions/0011): the target of the build and of `compat.ts`. */
export const OLDEST = {
  chrome: "111",
  edge: "111",
  firefox: "115",
  safari: "16.4",
  safari_ios: "16.4",
} as const;

/** As Vite writes them: «firefox115», «ios16.4». */
export const TARGET = Object.entries(OLDEST).map(
  ([name, version]) => `${name === "safari_ios" ? "ios" : name}${version}`,
);
