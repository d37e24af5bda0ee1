/**
 * Russian phone numbers, by the server's rule (`domain/kernel/phone.py`). Both are tested by one table,
 * `tests/domain/kernel/phone_cases.json`.
 */

import { keyboardSigns, visible } from "./typed";

const LABEL = /^\s*(?:tel|тел)[.:\s]*/i;
const PUNCTUATION = /[\s()[\]./-]+/g;
const COUNTRY = "(?:\\+|0 ?0 ?|8 ?1 ?0 ?)? ?7";
const AGAIN = "(?:\\+ ?7|[78](?= )|7(?=9)|8(?=[89]|3[789]|49))";
const NUMBER = new RegExp(`^(?:(?:${COUNTRY}|8) ?(?:${AGAIN} ?)?)?([0-9](?: ?[0-9]){9})$`);
const RUSSIAN = /^(?:[349][0-9]|8(?![89]|3[789]|49)[0-9])[0-9]{8}$/;

/** The ten digits of a typed number; undefined for what is no Russian number. */
export function russianDigits(typed: string): string | undefined {
  const text = keyboardSigns(visible(typed).replace(LABEL, "")).replace(PUNCTUATION, " ").trim();
  const digits = NUMBER.exec(text)?.[1]?.replaceAll(" ", "");
  return digits !== undefined && RUSSIAN.test(digits) ? digits : undefined;
}
