import { zodResolver } from "@hookform/resolvers/zod";
import { z } from "zod";

import { cardOf, type Detail } from "@/entities/clients/card";
import { DOCUMENTS } from "@/entities/clients/documents";
import { api, askWhole } from "@/shared/api/http";
import { dayOf } from "@/shared/lib/days";
import { dateMask } from "@/shared/lib/mask";
import { visible } from "@/shared/lib/typed";

import { textField } from "../form/conflict";
import type { StepFormRules } from "../form/step-form";
import {
  checkPassport,
  documentOf,
  isInternal,
  isoDate,
  numberMask,
  plainCode,
  plainMiddleName,
  plainName,
  plainNumber,
  type PassportForm,
} from "./passport-checks";

const text = z.string();
const schema = z
  .object({
    document_type: text,
    last_name: text,
    first_name: text,
    middle_name: text,
    series_number: text,
    series: text,
    number: text,
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
  const document_type = passport?.document_type ?? "passport_rf";
  const internal = isInternal({ document_type });
  return {
    document_type,
    last_name: passport?.last_name ?? "",
    first_name: passport?.first_name ?? "",
    middle_name: passport?.middle_name ?? "",
    series_number: internal ? numberMask(`${passport?.series ?? ""}${passport?.number ?? ""}`) : "",
    series: internal ? "" : (passport?.series ?? ""),
    number: internal ? "" : (passport?.number ?? ""),
    issued_by: passport?.issued_by ?? "",
    issue_code: passport?.issue_code ?? "",
    issue_date: dateMask(passport?.issue_date ?? ""),
    registration_address: passport?.registration_address ?? "",
  };
}

/** The body of `PUT …/passport`; an empty middle name, series or code removes the stored one. */
export function passportOf(form: PassportForm) {
  const internal = isInternal(form);
  return {
    document_type: documentOf(form),
    last_name: plainName(form.last_name),
    first_name: plainName(form.first_name),
    middle_name: plainMiddleName(form.middle_name) || null,
    series: internal
      ? numberMask(form.series_number).slice(0, 4)
      : plainNumber(form.series).replace(/^-+$/, "") || null,
    number: internal ? numberMask(form.series_number).slice(5) : plainNumber(form.number),
    issued_by: visible(form.issued_by),
    issue_code: internal ? plainCode(form.issue_code) || null : null,
    issue_date: isoDate(form.issue_date) ?? null,
    registration_address: visible(form.registration_address),
  };
}

/** The card's passport is incomplete, so the step must be sent even if unchanged. */
export function passportMissing(detail: Detail): boolean {
  const wrong = checkPassport(passportFrom(detail), dayOf(Date.now()));
  // A passport that an earlier release took for incomplete, for want of a code, is looked at again when it is saved.
  return detail.next_step === "passport" || Object.keys(wrong).length > 0;
}

/** Series and number as one text, of the document that is chosen. */
export function numberShown(form: PassportForm): string {
  return isInternal(form) ? form.series_number : [form.series, form.number].join(" ").trim();
}

export const PASSPORT: StepFormRules<PassportForm> = {
  fields: [
    {
      label: "Документ",
      keys: ["document_type"],
      show: (form) => DOCUMENTS[documentOf(form)],
    },
    textField("last_name", "Фамилия"),
    textField("first_name", "Имя"),
    textField("middle_name", "Отчество"),
    { label: "Серия и номер", keys: ["series_number", "series", "number"], show: numberShown },
    textField("issued_by", "Кем выдан"),
    {
      label: "Код подразделения",
      keys: ["issue_code"],
      show: (form) => (isInternal(form) ? form.issue_code : ""),
    },
    textField("issue_date", "Дата выдачи"),
    textField("registration_address", "Адрес регистрации"),
  ],
  fromCard: passportFrom,
  resolver: zodResolver(schema),
  places: (form) => ({
    document_type: "document_type",
    last_name: "last_name",
    first_name: "first_name",
    middle_name: "middle_name",
    series: isInternal(form) ? "series_number" : "series",
    number: isInternal(form) ? "series_number" : "number",
    issued_by: "issued_by",
    issue_code: "issue_code",
    issue_date: "issue_date",
    registration_address: "registration_address",
  }),
  refusals: {
    "passport-duplicate": {
      field: "number",
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
