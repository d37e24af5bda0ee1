import { zodResolver } from "@hookform/resolvers/zod";
import { z } from "zod";

import { cardOf, type Detail } from "@/entities/clients/card";
import { api, askWhole } from "@/shared/api/http";
import { dayOf } from "@/shared/lib/days";
import { dateMask } from "@/shared/lib/mask";
import { visible } from "@/shared/lib/typed";

import { textField } from "../form/conflict";
import type { StepFormRules } from "../form/step-form";
import {
  checkPassport,
  codeMask,
  isoDate,
  numberMask,
  plainMiddleName,
  plainName,
  type PassportForm,
} from "./passport-checks";

const text = z.string();
const schema = z
  .object({
    last_name: text,
    first_name: text,
    middle_name: text,
    series_number: text,
    issued_by: text,
    issue_code: text,
    issue_date: text,
    registration_address: text,
  })
  .superRefine((form, context) => {
    for (const [key, message] of Object.entries(checkPassport(form, dayOf(Date.now())))) {
      context.addIssue({ code: "custom", path: [key], message });
    }
  });

export function passportFrom({ passport }: Detail): PassportForm {
  return {
    last_name: passport?.last_name ?? "",
    first_name: passport?.first_name ?? "",
    middle_name: passport?.middle_name ?? "",
    series_number: numberMask(`${passport?.series ?? ""}${passport?.number ?? ""}`),
    issued_by: passport?.issued_by ?? "",
    issue_code: passport?.issue_code ?? "",
    issue_date: dateMask(passport?.issue_date ?? ""),
    registration_address: passport?.registration_address ?? "",
  };
}

/** The body of `PUT …/passport`; an empty middle name removes the stored one. */
export function passportOf(form: PassportForm) {
  return {
    last_name: plainName(form.last_name),
    first_name: plainName(form.first_name),
    middle_name: plainMiddleName(form.middle_name) || null,
    series: numberMask(form.series_number).slice(0, 4),
    number: numberMask(form.series_number).slice(5),
    issued_by: visible(form.issued_by),
    issue_code: codeMask(form.issue_code),
    issue_date: isoDate(form.issue_date) ?? null,
    registration_address: visible(form.registration_address),
  };
}

/** The card's passport is incomplete, so the step must be sent even if unchanged. */
export function passportMissing(detail: Detail): boolean {
  return Object.keys(checkPassport(passportFrom(detail), dayOf(Date.now()))).length > 0;
}

export const PASSPORT: StepFormRules<PassportForm> = {
  fields: [
    textField("last_name", "Фамилия"),
    textField("first_name", "Имя"),
    textField("middle_name", "Отчество"),
    textField("series_number", "Серия и номер"),
    textField("issued_by", "Кем выдан"),
    textField("issue_code", "Код подразделения"),
    textField("issue_date", "Дата выдачи"),
    textField("registration_address", "Адрес регистрации"),
  ],
  fromCard: passportFrom,
  resolver: zodResolver(schema),
  places: {
    last_name: "last_name",
    first_name: "first_name",
    middle_name: "middle_name",
    series: "series_number",
    number: "series_number",
    issued_by: "issued_by",
    issue_code: "issue_code",
    issue_date: "issue_date",
    registration_address: "registration_address",
  },
  refusals: {
    "passport-duplicate": {
      place: "series_number",
      advice: "Если всё верно, клиент уже есть в списке: найдите его по фамилии.",
    },
  },
  save: async (clientId, form, header) =>
    cardOf(
      await askWhole(
        api.PUT("/api/manager/clients/{client_id}/passport", {
          params: { path: { client_id: clientId }, header },
          body: passportOf(form),
        }),
      ),
    ),
};
