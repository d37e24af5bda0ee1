import { Link } from "@tanstack/react-router";

import { NEXT_STEPS, routeOf } from "@/shared/clients/status";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/notice";

import { useStep } from "../use-step";

/** A contract cannot be made yet: says of what, and leads there. */
export function MissingPart() {
  const { clientId, detail } = useStep();
  const step = detail.next_step;
  return (
    <Notice kind="info" title="Договор пока нельзя сформировать">
      <p>Сначала заполните: {NEXT_STEPS[step].toLowerCase()}. Тариф можно выбрать уже сейчас.</p>
      <Button asChild look="secondary" className="mt-2">
        <Link to={routeOf(step)} params={{ clientId }}>
          Заполнить
        </Link>
      </Button>
    </Notice>
  );
}
