import { describe, expect, it } from "vitest";

import { fitted, MOST_BYTES, refusal } from "./fit";

describe("the size in which a photo is sent", () => {
  it.each([
    [4000, 3000, 1200, 900],
    [3000, 4000, 900, 1200],
    [1200, 800, 1200, 800],
    [640, 480, 640, 480],
    [1201, 1201, 1200, 1200],
    [20000, 3, 1200, 1],
  ])("%i × %i becomes %i × %i", (width, height, fitWidth, fitHeight) => {
    expect(fitted({ width, height })).toEqual({ width: fitWidth, height: fitHeight });
  });
});

describe("a file that the browser could not open", () => {
  const file = { type: "image/jpeg", size: 1000, name: "photo.jpg" };

  it("goes to the server as it is when its type and size allow", () => {
    expect(refusal(file)).toBeUndefined();
    expect(refusal({ ...file, type: "image/webp", size: MOST_BYTES })).toBeUndefined();
  });

  it.each([
    ["empty", { size: 0 }, /пустой/],
    ["too large", { size: MOST_BYTES + 1 }, /больше 10 МБ/],
    ["no photo", { type: "application/pdf", name: "scan.pdf" }, /JPEG, PNG и WEBP/],
    ["HEIC", { type: "image/heic", name: "IMG.HEIC" }, /HEIC/],
    ["HEIC without a type", { type: "", name: "IMG.heic" }, /HEIC/],
  ])("is refused with a hint when it is %s", (_, difference, hint) => {
    expect(refusal({ ...file, ...difference })).toMatch(hint);
  });
});
