import { describe, expect, it } from "vitest";

import { fitted, HEAD, MOST_BYTES, refusal } from "./fit";

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

const head = (...text: string[]) => Uint8Array.from(text.join("").slice(0, HEAD), (one) => one.charCodeAt(0));
const JPEG = head("\xff\xd8\xff\xe1\x00\x10Exif");

describe("a file that the browser could not open", () => {
  it.each([
    ["JPEG", JPEG],
    ["PNG", head("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")],
    ["WEBP", head("RIFF\n\r\x00\x00WEBPVP8 ")],
    ["HEIC of an iPhone", head("\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1MiHEheic")],
    ["HEIC of a Samsung", head("\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heic")],
    ["AVIF", head("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1")],
  ])("goes to the server as it is when it starts like a %s", (_, start) => {
    expect(refusal({ size: MOST_BYTES }, start)).toBeUndefined();
  });

  it.each([
    ["empty", 0, head(""), /пустой/],
    ["too large", MOST_BYTES + 1, JPEG, /больше 10 МБ/],
    ["a paper", 1000, head("%PDF-1.7"), /JPEG, PNG, WEBP и HEIC/],
    ["a film", 1000, head("\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  "), /не фото/],
    ["a film of a phone", 1000, head("\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"), /не фото/],
    ["a word", 1000, head("heic"), /не фото/],
  ])("is refused with a hint when it is %s", (_, size, start, hint) => {
    expect(refusal({ size }, start)).toMatch(hint);
  });
});
