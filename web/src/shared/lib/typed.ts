/**
 * What a person types, cleaned as the server does (`domain/kernel/text.py`), so that a form does not complain about
 * what the server takes out. Tested by the server's table, `tests/domain/kernel/typed_cases.json`.
 */

const OVERRIDES = "\u202d\u202e";
const INVISIBLE = /(?![\u202d\u202e])[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
/** Joiners, variation selectors and tags, which change what is seen beside some characters. */
const MAY_BE_SEEN = /^[\u200c\u200d\ufe0e\ufe0f\u{e0020}-\u{e007f}]$/u;
const TAG = /^[\u{e0020}-\u{e007f}]$/u;
const JOINING = /^(?!\u2800)[\p{So}\p{Sk}]$|^(?=[\u0600-\u1cff])[\p{L}\p{M}]$/u;
const ENDS = new RegExp(`^[\\s\\u2800${OVERRIDES}]+|[\\s\\u2800${OVERRIDES}]+$`, "g");
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
const UNFIT = /[\u202d\u202e]|(?![\n\t])[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u;

const APOSTROPHES = /[`´ʹʻʼʽˈˊˋ՚׳‘’‛′‵ꞌ｀＇]/g;
const HYPHENS = /[\u02d7\u058a\u05be\u2010-\u2015\u2043\u2212\u2796\u2e3a\u2e3b\ufe58\ufe63\uff0d]/g;

/** A text without what is not seen and without space around it. */
export function cleaned(text: string): string {
  return withoutInvisible(text.replace(LINE_ENDS, "\n")).normalize("NFC").replace(ENDS, "");
}

/** A cleaned text in one line: one space between words. */
export function cleanedLine(text: string): string {
  return cleaned(text).replace(/\s+/g, " ");
}

/** For values that are no prose, such as phones and names: without any invisible character. */
export function visible(text: string): string {
  return cleanedLine(text.replace(INVISIBLE, ""));
}

/** Apostrophes, hyphens and their look-alikes as `'` and `-`. */
export function keyboardSigns(text: string): string {
  return text.replace(APOSTROPHES, "'").replace(HYPHENS, "-");
}

/** Whether a cleaned text has characters that the server refuses: control, private, unassigned, direction overrides. */
export function isUnfit(text: string): boolean {
  return UNFIT.test(text);
}

/** Length as the server counts it, in characters. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

function withoutInvisible(text: string): string {
  const signs = Array.from(text.replace(INVISIBLE, (sign) => (MAY_BE_SEEN.test(sign) ? sign : "")));
  const kept: string[] = [];
  signs.forEach((sign, at) => {
    if (!MAY_BE_SEEN.test(sign) || isSeen(sign, kept.at(-1) ?? " ", signs[at + 1] ?? " ")) kept.push(sign);
  });
  return kept.join("");
}

function isSeen(sign: string, before: string, after: string): boolean {
  if (sign === "\ufe0e" || sign === "\ufe0f")
    return after === "\u20e3" || /^[‼⁉\p{Sm}]$/u.test(before) || JOINING.test(before);
  if (TAG.test(sign)) return before === "\u{1f3f4}" || TAG.test(before);
  return (JOINING.test(before) || before === "\ufe0f") && JOINING.test(after);
}
