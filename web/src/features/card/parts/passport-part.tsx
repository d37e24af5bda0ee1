import { heldBy, passportHidden, useHolder } from "@/entities/clients/card";
import { DOCUMENTS } from "@/entities/clients/documents";
import { PhotoStrip } from "@/entities/photos/photo-strip";
import { useNewLinks } from "@/entities/photos/targets";
import type { SchemaCardPassport } from "@/shared/api/generated/schema";
import { date } from "@/shared/lib/format";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";

import { EditLink } from "./edit-link";
import type { PartProps } from "./part-props";

/** The document that identifies the client, and its photo. Of a colleague's client only the name is shown. */
export function PassportPart({ clientId, detail, mayFill }: PartProps) {
  const onExpired = useNewLinks(clientId);
  const { passport } = detail;
  const photoUrl = passport?.photo_url ?? null;
  const photos = photoUrl === null ? [] : [{ id: "passport", url: photoUrl }];
  return (
    <Part
      title="Паспорт"
      action={mayFill && <EditLink clientId={clientId} to="/clients/$clientId/step/2" what="паспорт" />}
    >
      <Paper detail={detail} />
      <PhotoStrip name="Паспорт" photos={photos} onExpired={onExpired} />
    </Part>
  );
}

function Paper({ detail }: Pick<PartProps, "detail">) {
  const { passport } = detail;
  const holder = useHolder(detail);
  if (passport === null) return <p className="text-ink-soft">Ещё не заполнен.</p>;
  if (passportHidden(detail)) {
    return (
      <>
        <Facts>
          <Fact name="ФИО">{nameOf(passport)}</Fact>
        </Facts>
        <p className="text-sm text-ink-soft">
          {heldBy(holder)}. Остальные данные паспорта и фото видит только тот, кто ведёт клиента.
        </p>
      </>
    );
  }
  const document = passport.document_type ?? "passport_rf";
  return (
    <Facts>
      <Fact name="Документ">{DOCUMENTS[document]}</Fact>
      <Fact name="ФИО">{nameOf(passport)}</Fact>
      <Fact name="Серия и номер">{numberOf(passport)}</Fact>
      <Fact name="Дата выдачи">{passport.issue_date === null ? "—" : date(passport.issue_date)}</Fact>
      <Fact name="Кем выдан">{passport.issued_by ?? "—"}</Fact>
      {document === "passport_rf" && <Fact name="Код подразделения">{passport.issue_code ?? "Нет"}</Fact>}
      <Fact name="Адрес регистрации">{passport.registration_address ?? "—"}</Fact>
    </Facts>
  );
}

function nameOf({ last_name, first_name, middle_name }: SchemaCardPassport): string {
  return [last_name, first_name, middle_name].filter((part) => part !== null).join(" ") || "—";
}

function numberOf({ series, number }: SchemaCardPassport): string {
  return [series, number].filter((part) => part !== null).join(" ") || "—";
}
