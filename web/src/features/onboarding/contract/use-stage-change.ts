import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";

import { say } from "@/shared/ui/overlay/toast";

import { useStep } from "../use-step";
import type { Stage } from "./stage";

/**
 * On a new stage: scrolls to the top, restores focus, announces a signature, and opens the results when all is
 * done.
 */
export function useStageChange(stage: Stage): void {
  const { clientId } = useStep();
  const navigate = useNavigate();
  const before = useRef(stage);
  const move = useEffectEvent((from: Stage) => {
    window.scrollTo({ top: 0 });
    if (document.activeElement === document.body)
      document.getElementById("content")?.focus({ preventScroll: true });
    if (from !== "signature" || (stage !== "payment" && stage !== "done")) return;
    say("Договор подписан");
    if (stage === "done") void navigate({ to: "/clients/$clientId/success", params: { clientId } });
  });
  useEffect(() => {
    if (before.current !== stage) move(before.current);
    before.current = stage;
  }, [stage]);
}
