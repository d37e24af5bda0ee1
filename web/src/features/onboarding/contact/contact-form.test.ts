// @vitest-environment jsdom
import { describe, expect, test } from "vitest";

import type { Detail } from "@/entities/clients/card";

import { AS_WHOLE, checkContact, contactFrom, IN_PARTS, profileOf, type ContactForm } from "./contact-form";

const USER = {
  id: "u",
  name: "Мария Соколова",
  phone: "9000000001",
  phone_confirmed_at: null,
  phone_confirmed_by: null,
  email: "maria@example.com",
  address: "г. Москва, ул. Арбат, д. 10, кв. 5",
};

function cardOf(user: Partial<Detail["user"]>): Detail {
  return {
    id: "c",
    status: "new",
    assigned_manager_id: null,
    support_ticket_id: null,
    user: { ...USER, ...user },
    passport: null,
    devices: [],
    tariff: null,
    contract: null,
    invoices: [],
    next_step: "profile",
    trail_broken: false,
    warnings: [],
  };
}

const FORM = contactFrom(cardOf({}));
const wrong = (changes: Partial<ContactForm>) => Object.keys(checkContact({ ...FORM, ...changes }));

describe("a card is sent back as it was", () => {
  test.each<[string, Partial<Detail["user"]>]>([
    ["with an address in parts", {}],
    ["with an address of its own kind", { address: "Россия, Тверь, Мира 5, вход со двора" }],
    ["without address and e-mail", { address: null, email: null }],
  ])("%s", (_, user) => {
    const { name, phone, email, address } = { ...USER, ...user };
    const form = contactFrom(cardOf(user));
    expect(checkContact(form)).toEqual({});
    expect(profileOf(form)).toEqual({ name, phone, email, address });
  });
});

test("an address that cannot be taken apart stands in one line", () => {
  expect(contactFrom(cardOf({ address: "Тверь, Мира 5, вход, двор" })).addressIn).toBe(AS_WHOLE);
  expect(FORM.addressIn).toBe(IN_PARTS);
});

test.each([
  "+7 900 000-00-02",
  "89000000002",
  "9000000002",
  "+7 (900) 000 00 02",
  "+7 8 (900) 000-00-02",
  "+789000000002",
  "\u202a+7 900 000\u201100\u201102\u202c",
])("the phone «%s» is sent as ten digits", (phone) => {
  expect(checkContact({ ...FORM, phone })).toEqual({});
  expect(profileOf({ ...FORM, phone }).phone).toBe("9000000002");
});

test("what is not seen is neither complained about nor sent", () => {
  const form = {
    ...FORM,
    name: "\ufeffМа\u00adрия\u00a0 Соколова\u202e",
    email: "\u200bmaria@\u00adexample.com",
    postcode: "101\u00a0000",
    street: "ул.\u200b Арбат",
  };
  expect(checkContact(form)).toEqual({});
  expect(profileOf(form)).toMatchObject({
    name: "Мария Соколова",
    email: "maria@example.com",
    address: "101000, г. Москва, ул. Арбат, д. 10, кв. 5",
  });
});

test.each<[Partial<ContactForm>, string[]]>([
  [{ name: "  " }, ["name"]],
  [{ name: "и".repeat(201) }, ["name"]],
  [{ name: "Ма\u202eрия" }, ["name"]],
  [{ name: "\u200b\u00ad\u2800" }, ["name"]],
  [{ name: "👍".repeat(200) }, []],
  [{ phone: "" }, ["phone"]],
  [{ phone: "+7 900 000-00" }, ["phone"]],
  [{ phone: "+375 29 123-45-67" }, ["phone"]],
  [{ phone: "375291234567" }, ["phone"]],
  [{ phone: "8-10-375-29-123-45-67" }, ["phone"]],
  [{ phone: "91612345678" }, ["phone"]],
  [{ phone: "+7 701 234-56-78" }, ["phone"]],
  [{ phone: "+7 900 000-00-02 доб. 12" }, ["phone"]],
  [{ phone: "+7 000 000-00-00" }, ["phone"]],
  [{ email: "maria" }, ["email"]],
  [{ email: "maria@example" }, ["email"]],
  [{ email: "ma ria@example.com" }, ["email"]],
  [{ email: "" }, []],
  [{ email: " maria@пример.рф " }, []],
  [{ city: "" }, ["city"]],
  [{ postcode: "1010" }, ["postcode"]],
  [{ postcode: "1010000" }, ["postcode"]],
  [{ postcode: "101000" }, []],
  [{ street: "у".repeat(500) }, ["city"]],
  [{ addressIn: AS_WHOLE, whole: "у".repeat(501) }, ["whole"]],
  [{ addressIn: AS_WHOLE, whole: "у".repeat(500) }, []],
  [{ addressIn: AS_WHOLE, whole: "" }, []],
])("%o is wrong at %o", (changes, places) => {
  expect(wrong(changes)).toEqual(places);
});
