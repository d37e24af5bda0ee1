import { Link } from "@tanstack/react-router";

import type { routeOf } from "@/entities/clients/status";
import { Button } from "@/shared/ui/button";

interface Props {
  clientId: string;
  to: ReturnType<typeof routeOf>;
  /** What the link edits, for screen readers. */
  what: string;
}

/** Link from a part of the card to the step that edits it. */
export function EditLink({ clientId, to, what }: Props) {
  return (
    <Button asChild look="quiet" size="small" className="-my-2 -mr-3 min-h-11">
      <Link to={to} params={{ clientId }} aria-label={`Изменить: ${what}`}>
        Изменить
      </Link>
    </Button>
  );
}
