/** Formats typed or pasted text; idempotent. */
export type Mask = (raw: string) => string;

/** Puts digits into a pattern of zeros: `digitMask("000-000")("770001")` is «770-001». */
export function digitMask(pattern: string): Mask {
  return (raw) => {
    const digits = raw.replace(/\D/g, "");
    let shown = "";
    let used = 0;
    for (const sign of pattern) {
      if (used === digits.length) break;
      shown += sign === "0" ? digits.charAt(used) : sign;
      if (sign === "0") used += 1;
    }
    return shown;
  };
}

const phoneBody = digitMask("000 000-00-00");

/** «+7 900 000-00-01» from ten digits, with or without +7, 7 or 8; numbers of other countries stay unchanged. */
export const phoneMask: Mask = (raw) => {
  const text = raw.trim();
  if (/^(\+7?|[78])?$/.test(text)) return text;
  if (text.startsWith("+") && !text.startsWith("+7")) return raw;
  const body = phoneBody(tenDigits(text));
  return body === "" ? "+7" : `+7 ${body}`;
};

function tenDigits(text: string): string {
  const digits = text.replace(/\D/g, "");
  if (text.startsWith("+7")) return digits.slice(1);
  return digits.length !== 10 && /^[78]/.test(digits) ? digits.slice(1) : digits;
}

const dayMask = digitMask("00.00.0000");

/** «30.06.2015»; accepts ISO dates too. */
export const dateMask: Mask = (raw) => {
  const iso = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/.exec(raw);
  return iso === null ? dayMask(raw) : `${iso[3] ?? ""}.${iso[2] ?? ""}.${iso[1] ?? ""}`;
};

/** Applies a mask to an input and keeps the caret after the typed character. */
export function maskInput(input: HTMLInputElement, mask: Mask): void {
  const raw = input.value;
  const shown = mask(raw);
  if (shown === raw) return;
  const caret = mask(raw.slice(0, input.selectionStart ?? raw.length)).length;
  input.value = shown;
  input.setSelectionRange(caret, caret);
}
