import { moment, phone } from "@/shared/lib/format";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";

import { EditLink } from "./edit-link";
import type { PartProps } from "./part-props";

const LINK = "inline-flex min-h-11 items-center lg:min-h-0 text-accent underline underline-offset-2";

const BY = { sms: "кодом из SMS", telegram: "через Telegram" };

/** Whether the client has confirmed the phone of his account: without it nobody can sign. */
function confirmation({
  phone_confirmed_at: at,
  phone_confirmed_by: by,
}: PartProps["detail"]["user"]): string {
  if (at === null || by === null) return "Клиент ещё не подтвердил: подписать договор пока нельзя";
  return `Подтверждён ${BY[by]} ${moment(at)}`;
}

/** Contact data; phone and email are links. */
export function ContactPart({ clientId, detail: { user, support_ticket_id }, mayWrite }: PartProps) {
  return (
    <Part
      title="Контакты"
      action={mayWrite && <EditLink clientId={clientId} to="/clients/$clientId/step/1" what="контакты" />}
    >
      <Facts>
        <Fact name="Имя">{user.name ?? "Не указано"}</Fact>
        <Fact name="Телефон">
          {user.phone === null ? (
            "Не указан"
          ) : (
            <a href={`tel:+7${user.phone}`} className={`${LINK} tabular-nums`}>
              {phone(user.phone)}
            </a>
          )}
        </Fact>
        <Fact name="Номер клиента">{confirmation(user)}</Fact>
        <Fact name="Электронная почта">
          {user.email === null ? (
            "Не указана"
          ) : (
            <a href={`mailto:${user.email}`} className={LINK}>
              {user.email}
            </a>
          )}
        </Fact>
        <Fact name="Адрес">{user.address ?? "Не указан"}</Fact>
        <Fact name="Чат поддержки">
          {support_ticket_id === null
            ? "Откроется с первым сообщением клиенту"
            : "Открыт: туда клиент получает коды и счета"}
        </Fact>
      </Facts>
    </Part>
  );
}
