import { isDocumentType, type DocumentType } from "@/entities/clients/documents";

import { dateMask, digitMask } from "@/shared/lib/mask";
import { keyboardSigns, visible } from "@/shared/lib/typed";

import { paperCheck, type Check } from "../form/checks";

/** Form of the document that identifies the client; date and numbers as typed. */
export interface PassportForm {
  /** A `DocumentType`. */
  document_type: string;
  last_name: string;
  first_name: string;
  middle_name: string;
  /** Of an internal passport. */
  series_number: string;
  /** Of other documents, as `number`. */
  series: string;
  number: string;
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
const LONGEST_SERIES = 10;
const LONGEST_NUMBER = 15;
/** Current internal passports have been issued since this day. */
const FIRST_ISSUE = "1997-10-01";
/** Of any other document. */
const EARLIEST_ISSUE = "1950-01-01";

/** The chosen document; an unknown one of a newer app is an internal passport. */
export function documentOf({ document_type }: Pick<PassportForm, "document_type">): DocumentType {
  return isDocumentType(document_type) ? document_type : "passport_rf";
}

export function isInternal(form: Pick<PassportForm, "document_type">): boolean {
  return documentOf(form) === "passport_rf";
}

export const numberMask = digitMask("0000 000000");
export const codeMask = digitMask("000-000");

/** A name with the apostrophes and hyphens of a keyboard, as the server keeps it. */
export function plainName(value: string): string {
  return keyboardSigns(visible(value));
}

/** The middle name; empty for a dash, which stands in forms for «none». */
export function plainMiddleName(value: string): string {
  return isNone(value) ? "" : plainName(value);
}

/** Whether an optional field says «none»: empty, or a dash. */
function isNone(value: string): boolean {
  return /^[- ]*$/.test(plainName(value));
}

/** The division code; empty for a dash. */
export function plainCode(value: string): string {
  return isNone(value) ? "" : codeMask(value);
}

/** Series or number of a foreign passport or residence permit, as the server stores it. */
export function plainNumber(value: string): string {
  return plainName(value).replace(/\s/g, "").toUpperCase().replace(/^№/, "");
}

const checkName: Check = (value) =>
  paperCheck(LONGEST_NAME)(value) ??
  (NAME.test(plainName(value))
    ? undefined
    : "Допустимы русские и латинские буквы, дефис, пробел и апостроф.");

const checkSeriesNumber: Check = (value) =>
  /^\d{4} \d{6}$/.test(numberMask(value)) ? undefined : "Нужны 4 цифры серии и 6 цифр номера.";

function checkWithLetters(value: string, limit: number): string | undefined {
  const text = plainNumber(value);
  if (!/^[0-9A-ZА-ЯЁ]+(?:[-/][0-9A-ZА-ЯЁ]+)*$/u.test(text)) {
    return "Допустимы цифры, латинские и русские буквы, дефис и косая черта.";
  }
  return text.length > limit ? `Не больше ${limit} знаков.` : undefined;
}

const checkSeries: Check = (value) => (isNone(value) ? undefined : checkWithLetters(value, LONGEST_SERIES));

const checkNumber: Check = (value) => {
  if (visible(value) === "") return "Укажите номер документа.";
  const wrong = checkWithLetters(value, LONGEST_NUMBER);
  return wrong ?? (/\d/.test(value) ? undefined : "В номере документа должна быть хотя бы одна цифра.");
};

const NO_CODE = "Если его в паспорте нет, оставьте поле пустым.";

/** The first two digits are the region, from 01; six equal ones stand for «none». */
const checkCode: Check = (value) => {
  const code = plainCode(value);
  if (code === "") return undefined;
  if (!/^\d{3}-\d{3}$/.test(code)) return `Код подразделения пишется так: 770-001. ${NO_CODE}`;
  return code.startsWith("00") || /^(\d)\1\1-\1{3}$/.test(code)
    ? `Такого кода подразделения не бывает. ${NO_CODE}`
    : undefined;
};

/** `today` is an ISO date in the business's time zone. */
function checkDate(value: string, today: string, internal: boolean): string | undefined {
  const issued = isoDate(value);
  if (issued === undefined) return "Укажите дату в виде ДД.ММ.ГГГГ.";
  if (issued > today) return "Дата выдачи не может быть в будущем.";
  if (internal && issued < FIRST_ISSUE) return "Паспорта этого образца выдаются с 01.10.1997.";
  return issued < EARLIEST_ISSUE ? "Проверьте год выдачи." : undefined;
}

export function checkPassport(form: PassportForm, today: string): Wrong {
  const internal = isInternal(form);
  const found: [keyof PassportForm, string | undefined][] = [
    ["last_name", checkName(form.last_name)],
    ["first_name", checkName(form.first_name)],
    ["middle_name", isNone(form.middle_name) ? undefined : checkName(form.middle_name)],
    ["series_number", internal ? checkSeriesNumber(form.series_number) : undefined],
    ["series", internal ? undefined : checkSeries(form.series)],
    ["number", internal ? undefined : checkNumber(form.number)],
    ["issued_by", paperCheck(LONGEST_TEXT)(form.issued_by)],
    ["issue_code", internal ? checkCode(form.issue_code) : undefined],
    ["issue_date", checkDate(form.issue_date, today, internal)],
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
