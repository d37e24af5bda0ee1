import { useEffect, type RefObject } from "react";

import { lastOpenedClient } from "@/entities/clients/opened-list";

/** On return from a card, focuses the row of its client if the list has it. */
export function useFocusOnReturn(area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const id = lastOpenedClient();
    if (id === null) return;
    // After the router has restored the scroll position.
    const frame = requestAnimationFrame(() => {
      area.current?.querySelector<HTMLElement>(`a[data-client="${CSS.escape(id)}"]`)?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [area]);
}
