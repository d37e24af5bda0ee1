import { cleanedLine, visible } from "@/shared/lib/typed";

/** Parts of an address; all may be empty. */
export interface AddressParts {
  postcode: string;
  region: string;
  city: string;
  street: string;
  house: string;
  building: string;
  flat: string;
  comment: string;
}

export const NO_ADDRESS: AddressParts = {
  postcode: "",
  region: "",
  city: "",
  street: "",
  house: "",
  building: "",
  flat: "",
  comment: "",
};

const HOUSE = "д. ";
const BUILDING = "корп. ";
const FLAT = "кв. ";

/** «101000, г. Москва, ул. Садовая, д. 5, корп. 2, кв. 17 (код домофона 12)». */
export function composeAddress(parts: AddressParts): string {
  const { postcode, region, city, street, house, building, flat, comment } = tidy(parts);
  const line = [
    postcode,
    region,
    city,
    street,
    marked(HOUSE, house, /^(?:дом|д\.)\s*/i),
    marked(BUILDING, building, /^(?:корпус|корп\.|к\.)\s*/i),
    marked(FLAT, flat, /^(?:квартира|кв\.)\s*/i),
  ]
    .filter((part) => part !== "")
    .join(", ");
  const aside = comment === "" ? "" : `(${comment})`;
  return [line, aside].filter((part) => part !== "").join(" ");
}

/** Parses an address made by `composeAddress`; undefined for any other text, which stays whole. */
export function parseAddress(address: string): AddressParts | undefined {
  const whole = /^([^()]*?)(?: ?\((.*)\))?$/.exec(address);
  if (whole === null) return undefined;
  const parts: AddressParts = { ...NO_ADDRESS, comment: whole[2] ?? "" };
  const pieces = (whole[1] ?? "").split(", ").filter((piece) => piece !== "");
  if (/^\d{6}$/.test(pieces[0] ?? "")) parts.postcode = pieces.shift() ?? "";
  parts.flat = takeMarked(pieces, FLAT);
  parts.building = takeMarked(pieces, BUILDING);
  parts.house = takeMarked(pieces, HOUSE);
  Object.assign(parts, placed(pieces));
  // Contains unknown parts: opening an address must not change it.
  return composeAddress(parts) === address ? parts : undefined;
}

/** Region, city and street are distinguished by count; a region without a street by its name. */
function placed(pieces: string[]): Partial<AddressParts> {
  const [first = "", second = "", third = ""] = pieces;
  if (pieces.length === 3) return { region: first, city: second, street: third };
  if (pieces.length === 2 && isRegion(first)) return { region: first, city: second };
  return { city: first, street: second };
}

function isRegion(text: string): boolean {
  return /(?:^|[\s.])(?:обл(?:асть|\.)?|край|респ(?:ублика|\.)?|АО|округ)(?:$|\s)/i.test(text);
}

function takeMarked(pieces: string[], mark: string): string {
  const last = pieces.at(-1);
  if (last?.startsWith(mark) !== true) return "";
  pieces.pop();
  return last.slice(mark.length);
}

function marked(mark: string, value: string, typedMark: RegExp): string {
  const bare = value.replace(typedMark, "");
  return bare === "" ? "" : mark + bare;
}

/** The postcode as typed, without gaps: «101 000» is 101000. */
export function postcodeOf(typed: string): string {
  return visible(typed).replaceAll(" ", "");
}

function tidy(parts: AddressParts): AddressParts {
  const one = cleanedLine;
  return {
    postcode: postcodeOf(parts.postcode),
    region: one(parts.region),
    city: one(parts.city),
    street: one(parts.street),
    house: one(parts.house),
    building: one(parts.building),
    flat: one(parts.flat),
    comment: one(parts.comment),
  };
}
