import { z } from "zod";

import type { SchemaBotStatus } from "@/shared/api/generated/schema";
import { keyboardSigns, visible } from "@/shared/lib/typed";
import type { Tone } from "@/shared/ui/badge";

const TOKEN = /^[0-9]{1,20}:[A-Za-z0-9_-]{1,150}$/;
const CHAT = /^-?[1-9][0-9]{0,14}$/;

const CHAT_WRONG =
  "Укажите id группы: целое число, например -1001234567890. Его покажет команда /getid в группе.";
const TOKEN_WRONG = "Токен выглядит как 123456789:AAE0… Скопируйте его у @BotFather целиком.";

const group = z
  .string()
  .overwrite((text) => keyboardSigns(visible(text)))
  .refine((text) => text === "" || CHAT.test(text), CHAT_WRONG);

export const newBot = z.object({
  token: z.string().overwrite(visible).regex(TOKEN, TOKEN_WRONG),
  group_chat_id: group,
});
export type NewBotValues = z.infer<typeof newBot>;

/** An empty token keeps the current one. */
export const botChanges = z.object({
  token: z
    .string()
    .overwrite(visible)
    .refine((text) => text === "" || TOKEN.test(text), TOKEN_WRONG),
  group_chat_id: group,
});

export const STATUSES: Record<SchemaBotStatus, { label: string; tone: Tone }> = {
  active: { label: "работает", tone: "good" },
  inactive: { label: "выключен", tone: "neutral" },
  error: { label: "ошибка", tone: "danger" },
};
