import { dateMask, digitMask } from "@/shared/lib/mask";
import { keyboardSigns, visible } from "@/shared/lib/typed";

import { paperCheck, type Check } from "../form/checks";

/** Passport form; date and numbers as typed. */
export interface PassportForm {
  last_name: string;
  first_name: string;
  middle_name: string;
  series_number: string;
  issued_by: string;
  issue_code: string;
  issue_date: string;
  registration_address: string;
}

type Wrong = Partial<Record<keyof PassportForm, string>>;

const LETTER = "A-Za-zÀ-ÖØ-öø-ſЀ-ҁҊ-ӿ";
const NAME = new RegExp(`^[${LETTER}][${LETTER}' \\-]*$`, "u");
const LONGEST_NAME = 100;
const LONGEST_TEXT = 500;
/** Current passports have been issued since this day. */
const FIRST_ISSUE = "1997-10-01";

export const numberMask = digitMask("0000 000000");
export const codeMask = digitMask("000-000");

/** A name with the apostrophes and hyphens of a keyboard, as the server keeps it. */
export function plainName(value: string): string {
  return keyboardSigns(visible(value));
}

/** The middle name; empty for a dash, which stands in forms for «none». */
export function plainMiddleName(value: string): string {
  const name = plainName(value);
  return /^[- ]*$/.test(name) ? "" : name;
}

const checkName: Check = (value) =>
  paperCheck(LONGEST_NAME)(value) ??
  (NAME.test(plainName(value))
    ? undefined
    : "Допустимы русские и латинские буквы, дефис, пробел и апостроф.");

const checkNumber: Check = (value) =>
  /^\d{4} \d{6}$/.test(numberMask(value)) ? undefined : "Нужны 4 цифры серии и 6 цифр номера.";

const checkCode: Check = (value) =>
  /^\d{3}-\d{3}$/.test(codeMask(value)) ? undefined : "Код подразделения пишется так: 770-001.";

/** `today` is an ISO date in the business's time zone. */
function checkDate(value: string, today: string): string | undefined {
  const issued = isoDate(value);
  if (issued === undefined) return "Укажите дату в виде ДД.ММ.ГГГГ.";
  if (issued > today) return "Дата выдачи не может быть в будущем.";
  return issued < FIRST_ISSUE ? "Паспорта этого образца выдаются с 01.10.1997." : undefined;
}

export function checkPassport(form: PassportForm, today: string): Wrong {
  const found: [keyof PassportForm, string | undefined][] = [
    ["last_name", checkName(form.last_name)],
    ["first_name", checkName(form.first_name)],
    ["middle_name", plainMiddleName(form.middle_name) === "" ? undefined : checkName(form.middle_name)],
    ["series_number", checkNumber(form.series_number)],
    ["issued_by", paperCheck(LONGEST_TEXT)(form.issued_by)],
    ["issue_code", checkCode(form.issue_code)],
    ["issue_date", checkDate(form.issue_date, today)],
    ["registration_address", paperCheck(LONGEST_TEXT)(form.registration_address)],
  ];
  const wrong: Wrong = {};
  for (const [key, message] of found) if (message !== undefined) wrong[key] = message;
  return wrong;
}

/** «30.06.2015» as «2015-06-30»; undefined for an invalid date. */
export function isoDate(shown: string): string | undefined {
  const parts = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(dateMask(shown));
  if (parts === null) return undefined;
  const iso = `${parts[3] ?? ""}-${parts[2] ?? ""}-${parts[1] ?? ""}`;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? iso : undefined;
}
