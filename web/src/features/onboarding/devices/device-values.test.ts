import { describe, expect, it } from "vitest";

import { bodyOf, deviceResolver, EMPTY, formOf, type DeviceForm } from "./device-values";

const device = {
  id: "1",
  device_type: "Ноутбук",
  title: "Asus X515",
  description: null,
  specs: { ОЗУ: 16, Процессор: "i5" },
  extra_fee: 1250.5,
  created_at: "2026-11-21T09:00:00Z",
  updated_at: "2026-11-21T09:00:00Z",
  photos: [],
};

async function wrong(form: Partial<DeviceForm>): Promise<string[]> {
  const options = { fields: {}, shouldUseNativeValidation: false };
  const { errors } = await deviceResolver({ ...EMPTY, ...form }, undefined, options);
  return Object.keys(errors);
}

describe("a device as it is typed", () => {
  it("comes back as it was when nothing is touched", () => {
    expect(bodyOf(formOf(device), device)).toEqual({
      device_type: "Ноутбук",
      title: "Asus X515",
      description: null,
      specs: { ОЗУ: 16, Процессор: "i5" },
      extra_fee: 1250.5,
    });
  });

  it("has no price of its own when the field is empty, and the price zero when it says so", () => {
    expect(bodyOf({ ...formOf(device), extra_fee: "" }, device).extra_fee).toBeNull();
    expect(bodyOf({ ...formOf(device), extra_fee: "0" }, device).extra_fee).toBe(0);
  });

  it("needs a kind and a name", async () => {
    expect(await wrong({ title: "  " })).toEqual(["device_type", "title"]);
    expect(await wrong({ device_type: "Роутер", title: "Keenetic" })).toEqual([]);
  });

  it("is told what is wrong field by field", async () => {
    const form = { device_type: "х".repeat(201), title: "Keenetic", specs: '[["","1"]]', extra_fee: "сто" };
    expect(await wrong(form)).toEqual(["device_type", "specs", "extra_fee"]);
  });
});
