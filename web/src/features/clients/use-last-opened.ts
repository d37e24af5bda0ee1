import { useEffect, type RefObject } from "react";

import { lastOpenedClient } from "@/entities/clients/opened-list";

/** Back from a card the keyboard is where it was: on that client's row, if the list still has it at once. */
export function useFocusOnReturn(area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const id = lastOpenedClient();
    if (id === null) return;
    // After the router has put the page back to where it was scrolled.
    const frame = requestAnimationFrame(() => {
      area.current?.querySelector<HTMLElement>(`a[data-client="${CSS.escape(id)}"]`)?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [area]);
}
