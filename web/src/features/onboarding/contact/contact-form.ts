import { zodResolver } from "@hookform/resolvers/zod";
import { z } from "zod";

import { cardOf, type Detail } from "@/entities/clients/card";
import { api, askWhole } from "@/shared/api/http";
import { phoneMask } from "@/shared/lib/mask";
import { russianDigits } from "@/shared/lib/phone";
import { cleanedLine, visible } from "@/shared/lib/typed";

import { lineCheck, type Check } from "../form/checks";
import { textField, type Described } from "../form/conflict";
import type { StepFormRules } from "../form/step-form";
import { composeAddress, NO_ADDRESS, parseAddress, postcodeOf, type AddressParts } from "./address";

/** `whole` is the address as one line; `addressIn` says which form is used. */
export interface ContactForm extends AddressParts {
  name: string;
  phone: string;
  email: string;
  addressIn: string;
  whole: string;
}

export const IN_PARTS = "parts";
export const AS_WHOLE = "whole";
const LONGEST_ADDRESS = 500;

export function addressOf(form: ContactForm): string {
  return form.addressIn === AS_WHOLE ? cleanedLine(form.whole) : composeAddress(form);
}

const ADDRESS: Described<ContactForm> = {
  label: "Адрес",
  keys: ["addressIn", "whole", ...addressKeys()],
  show: addressOf,
};

function addressKeys(): (keyof AddressParts)[] {
  return ["postcode", "region", "city", "street", "house", "building", "flat", "comment"];
}

const checkPhone: Check = (value) => {
  if (visible(value) === "") return "Укажите телефон клиента.";
  return russianDigits(value) === undefined
    ? "Нужен один номер телефона в России, +7 и 10 цифр, без добавочного."
    : undefined;
};

const checkEmail: Check = (value) => {
  const email = visible(value);
  if (email === "" || (email.length <= 254 && /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(email)))
    return undefined;
  return "Укажите адрес электронной почты, например name@example.ru.";
};

const line = lineCheck(200, { required: false });
const CHECKS: Partial<Record<keyof ContactForm, Check>> = {
  name: lineCheck(200, { required: true }),
  phone: checkPhone,
  email: checkEmail,
};

export function checkContact(form: ContactForm): Partial<Record<keyof ContactForm, string>> {
  const wrong: Partial<Record<keyof ContactForm, string>> = {};
  for (const key of Object.keys(CHECKS) as (keyof ContactForm)[]) {
    const said = CHECKS[key]?.(form[key]);
    if (said !== undefined) wrong[key] = said;
  }
  return { ...wrong, ...checkAddress(form) };
}

function checkAddress(form: ContactForm): Partial<Record<keyof ContactForm, string>> {
  const address = addressOf(form);
  const place = form.addressIn === AS_WHOLE ? "whole" : "city";
  const said = lineCheck(LONGEST_ADDRESS, { required: false })(address);
  if (said !== undefined) return { [place]: `Адрес целиком: ${said.toLowerCase()}` };
  if (form.addressIn === AS_WHOLE || address === "") return {};
  const wrong: Partial<Record<keyof ContactForm, string>> = {};
  if (cleanedLine(form.city) === "") wrong.city = "Укажите город или населённый пункт.";
  if (!/^(?:\d{6})?$/.test(postcodeOf(form.postcode))) wrong.postcode = "В индексе 6 цифр.";
  for (const key of addressKeys()) {
    const unseen = line(form[key]);
    if (unseen !== undefined) wrong[key] = unseen;
  }
  return wrong;
}

const text = z.string();
const schema = z
  .object({
    name: text,
    phone: text,
    email: text,
    addressIn: text,
    whole: text,
    postcode: text,
    region: text,
    city: text,
    street: text,
    house: text,
    building: text,
    flat: text,
    comment: text,
  })
  .superRefine((form, context) => {
    for (const [key, message] of Object.entries(checkContact(form))) {
      context.addIssue({ code: "custom", path: [key], message });
    }
  });

export function contactFrom({ user }: Detail): ContactForm {
  const address = user.address ?? "";
  const parts = parseAddress(address);
  return {
    name: user.name ?? "",
    phone: phoneMask(user.phone ?? ""),
    email: user.email ?? "",
    addressIn: parts === undefined ? AS_WHOLE : IN_PARTS,
    whole: address,
    ...(parts ?? NO_ADDRESS),
  };
}

/** The body of `PATCH …/profile`. */
export function profileOf(form: ContactForm) {
  return {
    name: cleanedLine(form.name),
    phone: russianDigits(form.phone) ?? form.phone,
    email: visible(form.email) === "" ? null : visible(form.email),
    address: addressOf(form) === "" ? null : addressOf(form),
  };
}

export const CONTACT: StepFormRules<ContactForm> = {
  fields: [textField("name", "Имя"), textField("phone", "Телефон"), textField("email", "Почта"), ADDRESS],
  fromCard: contactFrom,
  resolver: zodResolver(schema),
  places: () => ({ name: "name", phone: "phone", email: "email", address: "addressIn" }),
  save: async (clientId, form, header) =>
    cardOf(
      await askWhole(
        api.PATCH("/api/manager/clients/{client_id}/profile", {
          params: { path: { client_id: clientId }, header },
          body: profileOf(form),
        }),
      ),
    ),
};
