import { z } from "zod";

import type { Organisation } from "@/entities/conversations/queries";
import type { SchemaChanges } from "@/shared/api/generated/schema";
import { cleaned } from "@/shared/lib/typed";

/** Avito's message limit, in UTF-16 units, as `length` counts. */
export const LONGEST = 1000;
const LONGEST_DELAY = 3600;

const HOUR = /^([01]\d|2[0-3]):[0-5]\d$/;
const MIDNIGHT = "00:00";

const window = z
  .object({
    days: z.array(z.number()).min(1, "Выберите хотя бы один день недели."),
    start: z.string().regex(HOUR, "Укажите начало."),
    end: z.string().regex(HOUR, "Укажите конец."),
  })
  .refine(({ start, end }) => start !== end || start === MIDNIGHT, {
    path: ["end"],
    message: "Начало и конец совпадают. Круглые сутки: с 00:00 до 00:00.",
  });

export const schema = z
  .object({
    auto_reply_enabled: z.boolean(),
    auto_reply_mode: z.enum(["always", "first"]),
    auto_reply_always: z.boolean(),
    auto_reply_start_time: z.string(),
    auto_reply_end_time: z.string(),
    auto_reply_timezone: z.string(),
    auto_reply_text: z.string().max(LONGEST, `Текст автоответа длиннее ${LONGEST} знаков.`),
    auto_reply_delay_seconds: z
      .number("Укажите задержку в секундах.")
      .int("Укажите целое число секунд.")
      .min(1, "Задержка — от 1 до 3600 секунд.")
      .max(LONGEST_DELAY, "Задержка — от 1 до 3600 секунд."),
    auto_reply_windows: z.array(window).max(20, "Окон может быть не больше 20."),
    auto_reply_holidays: z.array(z.string()).max(366, "Дат может быть не больше 366."),
  })
  .superRefine((values, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (values.auto_reply_enabled && cleaned(values.auto_reply_text) === "") {
      wrong("auto_reply_text", "Напишите текст автоответа.");
    }
    if (values.auto_reply_enabled && values.auto_reply_timezone === "") {
      wrong("auto_reply_timezone", "Выберите часовой пояс.");
    }
    const { auto_reply_start_time: start, auto_reply_end_time: end } = values;
    if (start !== "" && end === "") wrong("auto_reply_end_time", "Укажите и конец.");
    if (start === "" && end !== "") wrong("auto_reply_start_time", "Укажите и начало.");
    if (start !== "" && start === end) {
      wrong(
        "auto_reply_end_time",
        "Начало и конец совпадают. Если нужно круглые сутки, включите «Круглосуточно».",
      );
    }
  });

export type AutoReplyValues = z.infer<typeof schema>;

/** Form values; missing ones are empty texts. */
export function valuesOf(organisation: Organisation): AutoReplyValues {
  return {
    auto_reply_enabled: organisation.auto_reply_enabled,
    auto_reply_mode: organisation.auto_reply_mode,
    auto_reply_always: organisation.auto_reply_always,
    auto_reply_start_time: organisation.auto_reply_start_time ?? "",
    auto_reply_end_time: organisation.auto_reply_end_time ?? "",
    auto_reply_timezone: organisation.auto_reply_timezone ?? "",
    auto_reply_text: organisation.auto_reply_text ?? "",
    auto_reply_delay_seconds: organisation.auto_reply_delay_seconds,
    auto_reply_windows: organisation.auto_reply_windows,
    auto_reply_holidays: organisation.auto_reply_holidays,
  };
}

/** Request body; an empty text clears the value. */
export function changesOf(values: AutoReplyValues): Partial<SchemaChanges> {
  return {
    ...values,
    auto_reply_start_time: values.auto_reply_start_time || null,
    auto_reply_end_time: values.auto_reply_end_time || null,
    auto_reply_timezone: values.auto_reply_timezone || null,
    auto_reply_text: cleaned(values.auto_reply_text) || null,
  };
}
