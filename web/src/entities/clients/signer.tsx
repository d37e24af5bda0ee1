import type { Detail } from "@/entities/clients/card";
import { moment } from "@/shared/lib/format";
import { Notice } from "@/shared/ui/feedback/notice";

/** What stands between this client and a valid signature, and what looks wrong: on the card and on every step. */
export function SignerNotices({ detail }: { detail: Detail }) {
  return (
    <>
      {detail.trail_broken && <BrokenTrail />}
      {detail.user.phone_confirmed_at === null && <Unconfirmed />}
      {detail.warnings.map((warning) => (
        <Notice key={`${warning.code} ${warning.at}`} kind="warn" title={moment(warning.at)}>
          {warning.detail}
        </Notice>
      ))}
    </>
  );
}

function Unconfirmed() {
  return (
    <Notice kind="warn" title="Телефон клиента не подтверждён">
      Подписать договор пока нельзя. Клиент подтверждает номер сам, в своём приложении: кодом из СМС или через
      Telegram. Заполнять карточку это не мешает.
    </Notice>
  );
}

function BrokenTrail() {
  return (
    <Notice kind="danger" title="Журнал этого клиента изменён задним числом">
      Проверка нашла разрыв в цепочке событий. Ничего не исправляйте и сообщите владельцу организации.
    </Notice>
  );
}
