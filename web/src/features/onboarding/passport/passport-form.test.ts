// @vitest-environment jsdom
import { expect, test } from "vitest";

import { checkPassport } from "./passport-checks";
import { numberShown, PASSPORT, passportFrom, passportMissing, passportOf } from "./passport-form";

const SENT = {
  document_type: "passport_rf" as const,
  last_name: "Соловьёва",
  first_name: "Анна",
  middle_name: null,
  series: "4510",
  number: "012345",
  issued_by: "ОВД «Хамовники» г. Москвы",
  issue_code: "770-001",
  issue_date: "2015-06-30",
  registration_address: "г. Москва, ул. Садовая, д. 5",
};

type Card = Parameters<typeof passportFrom>[0];

function cardWith(passport: Card["passport"]): Card {
  return {
    id: "c",
    status: "in_verification",
    assigned_manager_id: null,
    support_ticket_id: null,
    user: {
      id: "u",
      name: "Анна",
      phone: "9000000001",
      phone_confirmed_at: null,
      phone_confirmed_by: null,
      email: null,
      address: null,
    },
    passport,
    devices: [],
    tariff: null,
    contract: null,
    invoices: [],
    next_step: "passport",
    trail_broken: false,
    warnings: [],
  };
}

const KEPT = { ...SENT, id: "p", created_at: "", updated_at: "", photo_url: null };

test("a passport is sent back as it was", () => {
  const form = passportFrom(cardWith(KEPT));
  expect(form).toMatchObject({ series_number: "4510 012345", issue_date: "30.06.2015", middle_name: "" });
  expect(passportOf(form)).toEqual(SENT);
});

const ABROAD = {
  ...KEPT,
  document_type: "foreign_passport" as const,
  series: "FA",
  number: "1234567",
  issue_code: null,
};

test("a foreign passport is sent back as it was", () => {
  const form = passportFrom(cardWith(ABROAD));
  expect(numberShown(form)).toBe("FA 1234567");
  expect(passportOf(form)).toEqual({ ...SENT, ...ONLY_ABROAD });
});

const ONLY_ABROAD = {
  document_type: "foreign_passport",
  series: "FA",
  number: "1234567",
  issue_code: null,
};

test("another document takes along only what it has", () => {
  const form = passportFrom(cardWith(KEPT));
  const permit = { ...form, document_type: "residence_permit", number: " 82 1234567 " };
  expect(passportOf(permit)).toMatchObject({ series: null, number: "821234567", issue_code: null });
  const back = { ...passportFrom(cardWith(ABROAD)), document_type: "passport_rf" };
  expect(Object.keys(checkPassport(back, "2026-11-21"))).toEqual(["series_number"]);
});

test("a wrong number is told at the field that the document has", () => {
  const internal = passportFrom(cardWith(KEPT));
  expect(PASSPORT.places(internal)).toMatchObject({ series: "series_number", number: "series_number" });
  const abroad = passportFrom(cardWith(ABROAD));
  expect(PASSPORT.places(abroad)).toMatchObject({ series: "series", number: "number" });
});

test("an internal passport without a code is whole", () => {
  const card = { ...cardWith({ ...KEPT, issue_code: null }), next_step: "devices" as const };
  expect(passportMissing(card)).toBe(false);
  expect(passportOf(passportFrom(card)).issue_code).toBeNull();
  expect(passportMissing({ ...card, next_step: "passport" })).toBe(true);
});

test("a passport that another manager's card hides is empty fields, not half a number", () => {
  const hidden = { ...KEPT, document_type: null, series: null, number: null };
  expect(passportFrom(cardWith(hidden))).toMatchObject({ document_type: "passport_rf", series_number: "" });
});

test("gaps and apostrophes are sent as the server keeps them", () => {
  const form = {
    ...passportFrom(cardWith(KEPT)),
    last_name: "  О’Кон\u00adнор – Мак ",
    middle_name: "−",
    series_number: "4510\u2009012345",
    issue_code: "770−001",
    issue_date: "30.6.2015",
    issued_by: "ОВД\n «Арбат» ",
  };
  expect(passportOf(form)).toMatchObject({
    last_name: "О'Коннор - Мак",
    middle_name: null,
    series: "4510",
    number: "012345",
    issue_code: "770-001",
    issue_date: "2015-06-30",
    issued_by: "ОВД «Арбат»",
  });
});
