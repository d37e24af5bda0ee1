import { russianDigits } from "./phone";
import { keyboardSigns, visible } from "./typed";

/**
 * Formats typed or pasted text; idempotent. No digit is dropped: what does not fit stays as it was typed, so that the
 * check of the form can refuse it in words.
 */
export type Mask = (raw: string) => string;

const SEPARATORS = /[\s().\-/№]/g;

/** Puts digits into a pattern of zeros: `digitMask("000-000")("770001")` is «770-001». */
export function digitMask(pattern: string): Mask {
  const room = pattern.replaceAll(/[^0]/g, "").length;
  return (raw) => {
    const digits = keyboardSigns(visible(raw)).replace(SEPARATORS, "");
    return /^\d*$/.test(digits) && digits.length <= room ? filled(pattern, digits) : raw;
  };
}

function filled(pattern: string, digits: string): string {
  let shown = "";
  let used = 0;
  for (const sign of pattern) {
    if (used === digits.length) break;
    shown += sign === "0" ? digits.charAt(used) : sign;
    if (sign === "0") used += 1;
  }
  return shown;
}

const PHONE = "+7 000 000-00-00";

/** «+7 900 000-00-01» for a Russian number or the beginning of one; anything else stays unchanged. */
export const phoneMask: Mask = (raw) => {
  const digits = russianDigits(raw) ?? beginning(raw);
  return digits === undefined ? raw : filled(PHONE, digits) || raw.trim();
};

/** `phoneMask` while a number is typed: one that may go on, such as 8 421 234-56-7, is left as it is. */
export const typedPhoneMask: Mask = (raw) => {
  const shown = phoneMask(raw);
  if (shown === raw.trimEnd()) return raw;
  return russianDigits(raw) !== undefined && (mayGoOn(raw) || /^[\s(]*[34]/.test(raw)) ? raw : shown;
};

function mayGoOn(raw: string): boolean {
  return ["0", "00", "000", "0000"].some((more) => russianDigits(raw + more) !== undefined);
}

/** Up to ten digits after +7, 7, or 8 and a 9; also after nothing and a 9. Undefined where the prefix is not clear. */
function beginning(raw: string): string | undefined {
  const text = keyboardSigns(visible(raw));
  // The second 8 of «+7 8 (421) …» stands apart: it is no digit of the number.
  if (!/^\+?[\d\s().\-/[\]]*$/.test(text) || /^\s*\+7\D*8\D/.test(raw)) return undefined;
  const digits = text.replaceAll(/\D/g, "");
  if (text === "+" || /^[78]?$/.test(digits)) return "";
  const national = /^\+?7(.*)$|^8(?=9)(.*)$|^(9.*)$/.exec((text.startsWith("+") ? "+" : "") + digits);
  const found = national?.[1] ?? national?.[2] ?? national?.[3];
  return found !== undefined && found.length <= 10 ? found : undefined;
}

const dayMask = digitMask("00.00.0000");

/** «30.06.2015»; «1.6.2015» gets its zeros; accepts ISO dates too. */
export const dateMask: Mask = (raw) => {
  const text = keyboardSigns(visible(raw));
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso !== null) return `${iso[3] ?? ""}.${iso[2] ?? ""}.${iso[1] ?? ""}`;
  if (/^\d*$/.test(text)) return text.length <= 8 ? dayMask(text) : raw;
  const parts = /^(\d{1,2})[./\-\s]\s?(?:(\d{1,2})(?:[./\-\s]\s?(\d{0,4}))?)?$/.exec(text);
  if (parts === null) return raw;
  const [, day = "", month = "", year] = parts;
  return dayMask(day.padStart(2, "0") + (year === undefined ? month : month.padStart(2, "0") + year));
};

/** Applies a mask to an input and keeps the caret before the digits that it stood before. */
export function maskInput(input: HTMLInputElement, mask: Mask): void {
  const raw = input.value;
  const shown = mask(raw);
  if (shown === raw) return;
  const after = digitsIn(raw.slice(input.selectionStart ?? raw.length));
  input.value = shown;
  const caret = after === 0 ? shown.length : placeBefore(shown, after);
  input.setSelectionRange(caret, caret);
}

function digitsIn(text: string): number {
  return text.replaceAll(/\D/g, "").length;
}

/** The place with this many digits behind it, directly after a digit. */
function placeBefore(text: string, digits: number): number {
  const places = Array.from({ length: text.length + 1 }, (_, place) => place);
  return places.find((place) => digitsIn(text.slice(place)) === digits) ?? text.length;
}
