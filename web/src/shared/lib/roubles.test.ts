import { describe, expect, it } from "vitest";

import { roublesToType, toKopecks, typedRoubles } from "./roubles";

describe("an amount that was typed", () => {
  it.each([
    ["1 250,50", 1250.5],
    ["1\u00a0250,5", 1250.5],
    ["1250.50", 1250.5],
    ["0", 0],
    ["0,01", 0.01],
    ["300 ₽", 300],
    ["300₽", 300],
    ["1\u202f250\u200b", 1250],
    ["300 руб.", 300],
    [",5", 0.5],
    ["12,", 12],
    ["", null],
    ["  ", null],
    ["1000000000000", 1e12],
  ])("«%s» is %s", (text, amount) => {
    expect(typedRoubles(text)).toEqual({ amount });
  });

  it.each([
    ["-5", /отрицательной/],
    ["сто", /числом/],
    ["1,2,3", /числом/],
    [".", /числом/],
    ["1e5", /числом/],
    ["12 50", /числом/],
    ["1,250.50", /числом/],
    ["١٢٣", /числом/],
    ["\u22125", /отрицательной/],
    ["1,234", /двух знаков/],
    ["1000000000001", /велика/],
  ])("«%s» is refused with a hint", (text, hint) => {
    expect(typedRoubles(text)).toEqual({ wrong: expect.stringMatching(hint) as string });
  });

  it.each([0, 5, 1250.5, 999.99, 1234567.1, 0.01])("%d comes back as it was", (amount) => {
    expect(typedRoubles(roublesToType(amount))).toEqual({ amount });
  });

  it("stands in its field as people write it", () => {
    expect([null, 1250.5, 1000000].map(roublesToType)).toEqual(["", "1 250,50", "1 000 000"]);
  });

  it("is summed up in kopecks", () => {
    expect(toKopecks(0.1) + toKopecks(0.2)).toBe(30);
    expect(toKopecks(1.005)).toBe(100);
    expect(toKopecks(19.99)).toBe(1999);
  });
});
