import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ask } from "@/shared/api/http";
import { useMe } from "@/shared/api/me";
import { keys } from "@/shared/api/queries";
import { moment } from "@/shared/lib/format";
import { Notice } from "@/shared/ui/feedback/notice";

const SHOWN = 5;

/** For owners and the operator: clients whose trail was changed behind the application's back. */
export function TrailBreaks() {
  const me = useMe();
  const found = useQuery({
    queryKey: keys.trailBreaks,
    queryFn: () => ask(api.GET("/api/manager/evidence/breaks")),
    enabled: me.is_super_admin || me.role === "owner",
  });
  const breaks = found.data?.items ?? [];
  if (breaks.length === 0) return null;
  return (
    <Notice kind="danger" title="Журнал событий изменён задним числом">
      <p>Ничего не исправляйте: сохраните копию базы и следуйте руководству оператора.</p>
      <ul className="mt-2 grid gap-1">
        {breaks.slice(0, SHOWN).map((one) => (
          <li key={`${one.client_id} ${one.kind} ${one.ordinal ?? ""}`}>
            <Link
              to="/clients/$clientId"
              params={{ clientId: one.client_id }}
              className="inline-flex min-h-11 items-center underline underline-offset-2 lg:min-h-0"
            >
              {moment(one.found_at)}: {one.detail}
            </Link>
          </li>
        ))}
      </ul>
      {breaks.length > SHOWN && <p className="mt-1">И ещё {breaks.length - SHOWN}.</p>}
    </Notice>
  );
}
