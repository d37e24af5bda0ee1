import { describe, expect, it } from "vitest";

import { calculate } from "./calculation";

const device = (title: string, extra_fee: number | null) => ({ id: title, title, extra_fee });

describe("what the devices cost", () => {
  it("is the tariff's price for each", () => {
    const { lines, total } = calculate([device("Ноутбук", null), device("Принтер", null)], 500);
    expect(lines.map(({ fee }) => fee)).toEqual([500, 500]);
    expect(total).toBe(1000);
  });

  it("takes a device's own price instead, and says so", () => {
    const { lines, total } = calculate([device("Ноутбук", 1250.5), device("Принтер", null)], 500);
    expect(lines.map(({ fee, own }) => [fee, own])).toEqual([
      [1250.5, true],
      [500, false],
    ]);
    expect(total).toBe(1750.5);
  });

  it("counts an own price of zero as none", () => {
    expect(calculate([device("Роутер", 0)], 1000).lines[0]).toMatchObject({ fee: 1000, own: false });
  });

  it("loses no kopeck", () => {
    expect(calculate([device("a", 0.1), device("b", 0.2)], 1000).total).toBe(0.3);
  });

  it("is nothing without devices or with a free tariff", () => {
    expect(calculate([], 1000).total).toBe(0);
    expect(calculate([device("Телевизор", null)], 0).total).toBe(0);
  });
});
