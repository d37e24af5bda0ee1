import { zodResolver } from "@hookform/resolvers/zod";
import { z } from "zod";

import type { SchemaCardDevice, SchemaNewDevice } from "@/shared/api/generated/schema";
import { roublesToType, typedRoubles } from "@/shared/lib/roubles";
import { cleaned, cleanedLine, lengthOf } from "@/shared/lib/typed";

import { textField, type Described } from "../form/conflict";
import { packRows, rowsOf, specsOf, specsText, unpackRows, wrongSpecs } from "./specs";

/** Values of the device form; `specs` is a serialised list of rows. */
export interface DeviceForm {
  device_type: string;
  title: string;
  description: string;
  specs: string;
  extra_fee: string;
}

export const EMPTY: DeviceForm = { device_type: "", title: "", description: "", specs: "", extra_fee: "" };

export const TYPES = ["Ноутбук", "Компьютер", "Смартфон", "Принтер", "Роутер", "Телевизор", "Другое"];

export const FIELDS: readonly Described<DeviceForm>[] = [
  textField<DeviceForm, "device_type">("device_type", "Вид устройства"),
  textField<DeviceForm, "title">("title", "Название"),
  textField<DeviceForm, "description">("description", "Описание"),
  { label: "Характеристики", keys: ["specs"], show: ({ specs }) => specsText(unpackRows(specs)) },
  textField<DeviceForm, "extra_fee">("extra_fee", "Своя цена"),
];

const line = (missing: string) =>
  z
    .string()
    .refine((text) => cleanedLine(text) !== "", missing)
    .refine((text) => lengthOf(cleanedLine(text)) <= 200, "Не больше 200 знаков.");

const rules: z.ZodType<DeviceForm, DeviceForm> = z.object({
  device_type: line("Укажите, что это: ноутбук, принтер…"),
  title: line("Назовите устройство, чтобы его можно было узнать в договоре."),
  description: z.string().refine((text) => lengthOf(cleaned(text)) <= 4000, "Не больше 4000 знаков."),
  specs: z.string().superRefine((text, context) => {
    const wrong = wrongSpecs(unpackRows(text));
    if (wrong !== undefined) context.addIssue({ code: "custom", message: wrong });
  }),
  extra_fee: z.string().superRefine((text, context) => {
    const typed = typedRoubles(text);
    if ("wrong" in typed) context.addIssue({ code: "custom", message: typed.wrong });
  }),
});

export const deviceResolver = zodResolver(rules);

export function formOf(device: SchemaCardDevice): DeviceForm {
  return {
    device_type: device.device_type,
    title: device.title,
    description: device.description ?? "",
    specs: packRows(rowsOf(device.specs)),
    extra_fee: roublesToType(device.extra_fee),
  };
}

/** Request body; `before` is the device on the card. */
export function bodyOf(form: DeviceForm, before: SchemaCardDevice | undefined): SchemaNewDevice {
  const fee = typedRoubles(form.extra_fee);
  const description = cleaned(form.description);
  return {
    device_type: cleanedLine(form.device_type),
    title: cleanedLine(form.title),
    description: description === "" ? null : description,
    specs: specsOf(unpackRows(form.specs), before?.specs ?? null),
    extra_fee: "wrong" in fee ? null : fee.amount,
  };
}
