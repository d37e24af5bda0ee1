import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";

import type { Detail } from "@/entities/clients/card";
import { NEXT_STEPS, routeOf, type Step } from "@/entities/clients/status";
import { Button } from "@/shared/ui/button";

interface Props {
  clientId: string;
  detail: Detail;
  className?: string;
}

/** Link to the next step, or to the results when all steps are done. */
export function MainAction({ clientId, detail, className }: Props) {
  const step = detail.next_step;
  return (
    <Button
      asChild
      look={step === "done" ? "secondary" : "primary"}
      {...(className === undefined ? {} : { className })}
    >
      <Link to={routeOf(step)} params={{ clientId }}>
        {labelOf(step, detail.status === "new")}
        <ArrowRight aria-hidden />
      </Link>
    </Button>
  );
}

function labelOf(step: Step, fresh: boolean): string {
  if (step === "done") return "Итоги оформления";
  return fresh ? "Начать оформление" : `Дальше: ${NEXT_STEPS[step].toLowerCase()}`;
}
