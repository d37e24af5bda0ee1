import { PhotoStrip } from "@/entities/photos/photo-strip";
import { useNewLinks } from "@/entities/photos/targets";
import { date } from "@/shared/lib/format";
import { Fact, Facts, Part } from "@/shared/ui/layout/panel";

import { EditLink } from "./edit-link";
import type { PartProps } from "./part-props";

/** Passport and its photo. The number and the photo are hidden when another manager holds the client. */
export function PassportPart({ clientId, detail: { passport }, mayFill, seesAll }: PartProps) {
  const onExpired = useNewLinks(clientId);
  const photoUrl = passport?.photo_url ?? null;
  const photos = photoUrl === null ? [] : [{ id: "passport", url: photoUrl }];
  return (
    <Part
      title="Паспорт"
      action={mayFill && <EditLink clientId={clientId} to="/clients/$clientId/step/2" what="паспорт" />}
    >
      {passport === null ? (
        <p className="text-ink-soft">Ещё не заполнен.</p>
      ) : (
        <Facts>
          <Fact name="Серия и номер">
            {seesAll ? numberOf(passport.series, passport.number) : "Видит менеджер, который ведёт клиента"}
          </Fact>
          <Fact name="Дата выдачи">{passport.issue_date === null ? "—" : date(passport.issue_date)}</Fact>
          <Fact name="Кем выдан">{passport.issued_by ?? "—"}</Fact>
          <Fact name="Код подразделения">{passport.issue_code ?? "—"}</Fact>
          <Fact name="Адрес регистрации">{passport.registration_address ?? "—"}</Fact>
        </Facts>
      )}
      <PhotoStrip name="Паспорт" photos={photos} onExpired={onExpired} />
    </Part>
  );
}

function numberOf(series: string | null, number: string | null): string {
  return [series, number].filter((part) => part !== null).join(" ") || "—";
}
