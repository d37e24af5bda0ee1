// @vitest-environment jsdom
import { expect, test } from "vitest";

import { passportFrom, passportOf } from "./passport-form";

const SENT = {
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
    user: { id: "u", name: "Анна", phone: "9000000001", email: null, address: null },
    passport,
    devices: [],
    tariff: null,
    contract: null,
    invoices: [],
    next_step: "passport",
  };
}

const KEPT = { ...SENT, id: "p", created_at: "", updated_at: "", photo_url: null };

test("a passport is sent back as it was", () => {
  const form = passportFrom(cardWith(KEPT));
  expect(form).toMatchObject({ series_number: "4510 012345", issue_date: "30.06.2015", middle_name: "" });
  expect(passportOf(form)).toEqual(SENT);
});

test("a number that another manager's card hides is an empty field, not half a number", () => {
  expect(passportFrom(cardWith({ ...KEPT, series: null, number: null })).series_number).toBe("");
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
