import { z } from "zod";

import type { SchemaAccountStatus } from "@/shared/api/generated/schema";
import { cleanedLine, lengthOf, visible } from "@/shared/lib/typed";
import type { Tone } from "@/shared/ui/badge";

const KEY = /^[\x21-\x7e]{1,200}$/;
const KEY_WRONG = "Скопируйте целиком, без пробелов.";

const keyPart = (required: string) => z.string().overwrite(visible).min(1, required).regex(KEY, KEY_WRONG);

const named = {
  name: z
    .string()
    .overwrite(cleanedLine)
    .refine((text) => lengthOf(text) <= 200, "В названии не больше 200 знаков."),
  api_client_id: keyPart("Укажите Client ID."),
  bot_id: z.string().min(1, "Выберите бота."),
};

export const newAccount = z.object({ ...named, api_client_secret: keyPart("Укажите Client Secret.") });
export type NewAccountValues = z.infer<typeof newAccount>;

/** An empty secret keeps the key; another Client ID requires its own secret. */
export function accountChanges(currentId: string) {
  return z
    .object({
      ...named,
      api_client_secret: z
        .string()
        .overwrite(visible)
        .refine((text) => text === "" || KEY.test(text), KEY_WRONG),
    })
    .refine((values) => values.api_client_id === currentId || values.api_client_secret !== "", {
      path: ["api_client_secret"],
      message: "У другого Client ID свой секрет: укажите его.",
    });
}

export const STATUSES: Record<SchemaAccountStatus, { label: string; tone: Tone; what: string }> = {
  active: { label: "на связи", tone: "good", what: "" },
  expired: {
    label: "ключ не принят",
    tone: "danger",
    what: "Avito больше не принимает ключ. Возьмите новый в личном кабинете Avito и нажмите «Изменить».",
  },
  blocked: {
    label: "нет доступа",
    tone: "danger",
    what: "Avito не открывает сообщения этого аккаунта. Проверьте тариф и права ключа.",
  },
};
