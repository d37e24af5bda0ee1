import { expect, test } from "vitest";

import { checkPassport, isoDate, plainNumber, type PassportForm } from "./passport-checks";

const TODAY = "2026-11-21";
const TRUE: PassportForm = {
  document_type: "passport_rf",
  last_name: "Соловьёва",
  first_name: "Анна-Мария",
  middle_name: "",
  series_number: "4510 123456",
  series: "",
  number: "",
  issued_by: "ОВД «Хамовники» г. Москвы",
  issue_code: "770-001",
  issue_date: "30.06.2015",
  registration_address: "г. Москва, ул. Садовая, д. 5",
};

test("a true passport is taken, also without a middle name", () => {
  expect(checkPassport(TRUE, TODAY)).toEqual({});
});

test.each<[keyof PassportForm, string]>([
  ["last_name", ""],
  ["last_name", "Иванова2"],
  ["last_name", "-Иванова"],
  ["first_name", "\u200b\u00ad"],
  ["first_name", "Ан\u202eна"],
  ["first_name", "А".repeat(101)],
  ["middle_name", "Петровна!"],
  ["series_number", "4510 12345"],
  ["series_number", "4510"],
  ["series_number", "4510 1234567"],
  ["series_number", "4510 12345б"],
  ["issued_by", "   "],
  ["issued_by", "О".repeat(501)],
  ["issue_code", "770-00"],
  ["issue_code", "000-000"],
  ["issue_code", "001-001"],
  ["issue_code", "111-111"],
  ["issue_date", ""],
  ["issue_date", "31.02.2015"],
  ["issue_date", "2010-W20-4"],
  ["issue_date", "30.06.20155"],
  ["issue_date", "30.06.15"],
  ["issue_date", "22.11.2026"],
  ["issue_date", "30.09.1997"],
  ["registration_address", ""],
])("%s «%s» is named as wrong, and nothing else", (key, value) => {
  expect(Object.keys(checkPassport({ ...TRUE, [key]: value }, TODAY))).toEqual([key]);
});

test.each<[keyof PassportForm, string]>([
  ["last_name", "О’Коннор"],
  ["last_name", "Салтыков–Щедрин"],
  ["last_name", "де ла Фуэнте"],
  ["last_name", "Д‘Артаньян"],
  ["last_name", "Д´Артаньян"],
  ["last_name", "Д′Артаньян"],
  ["last_name", "Римский−Корсаков"],
  ["first_name", "Ан\u200bна\ufeff"],
  ["issued_by", "\u200eОВД\u202e"],
  ["series_number", "4510 № 123456"],
  ["series_number", "45\u00a010 123\u00ad456"],
  ["issue_code", "770\u2212001"],
  ["issue_date", "2015-06-30"],
  ["issue_date", "1.10.1997"],
  ["middle_name", "—"],
  ["middle_name", "Кызы"],
  ["issue_code", ""],
  ["issue_code", "110-111"],
  ["issue_date", "01.10.1997"],
  ["issue_date", "21.11.2026"],
  ["issue_date", "29.02.2024"],
])("%s «%s» is right", (key, value) => {
  expect(checkPassport({ ...TRUE, [key]: value }, TODAY)).toEqual({});
});

test.each([
  ["30.06.2015", "2015-06-30"],
  [" 01.10.1997 ", "1997-10-01"],
  ["30.6.2015", "2015-06-30"],
  ["30.06.15", undefined],
  ["29.02.2023", undefined],
  ["00.01.2020", undefined],
  ["", undefined],
])("«%s» is the day %s", (shown, iso) => {
  expect(isoDate(shown)).toBe(iso);
});

const ABROAD: PassportForm = {
  ...TRUE,
  document_type: "foreign_passport",
  series_number: "",
  number: "N1234567",
  issue_code: "000-000",
  issue_date: "01.03.1985",
};

test.each(["foreign_passport", "residence_permit"])(
  "%s needs no series and no code, whatever stands in the hidden fields",
  (document_type) => {
    expect(checkPassport({ ...ABROAD, document_type }, TODAY)).toEqual({});
  },
);

test.each<[keyof PassportForm, string]>([
  ["series", "AB_1"],
  ["series", "A".repeat(11)],
  ["number", ""],
  ["number", "ABC"],
  ["number", "1".repeat(16)],
  ["number", "١٢٣"],
  ["issue_date", "01.01.1949"],
])("of a foreign document %s «%s» is named as wrong, and nothing else", (key, value) => {
  expect(Object.keys(checkPassport({ ...ABROAD, [key]: value }, TODAY))).toEqual([key]);
});

test.each([
  [" fa ", "FA"],
  ["№ 0123 456", "0123456"],
  ["xxii–ба", "XXII-БА"],
])("«%s» is sent as %s", (typed, sent) => {
  expect(plainNumber(typed)).toBe(sent);
});
