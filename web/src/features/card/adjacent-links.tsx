import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, type LucideIcon } from "lucide-react";

import type { Adjacent } from "@/entities/clients/adjacent";
import { Button } from "@/shared/ui/button";

/** Links to the previous and next client of the opened list; empty when the card was opened by a link. */
export function AdjacentLinks({ adjacent: { previous, next, position } }: { adjacent: Adjacent }) {
  if (previous === undefined && next === undefined) return null;
  return (
    <nav aria-label="Клиенты из списка" className="flex items-center">
      <To clientId={previous} label="Предыдущий клиент" icon={ChevronLeft} />
      {position !== undefined && <span className="px-1 text-sm text-ink-soft tabular-nums">{position}</span>}
      <To clientId={next} label="Следующий клиент" icon={ChevronRight} />
    </nav>
  );
}

interface ToProps {
  clientId: string | undefined;
  label: string;
  icon: LucideIcon;
}

function To({ clientId, label, icon: Icon }: ToProps) {
  if (clientId === undefined) {
    return (
      <Button look="quiet" size="icon" aria-label={label} disabled>
        <Icon aria-hidden />
      </Button>
    );
  }
  return (
    <Button asChild look="quiet" size="icon">
      <Link to="/clients/$clientId" params={{ clientId }} replace aria-label={label}>
        <Icon aria-hidden />
      </Link>
    </Button>
  );
}
