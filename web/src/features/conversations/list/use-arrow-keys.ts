import type { KeyboardEvent, RefObject } from "react";

const STEPS: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Up and down arrows move between the links of the list. */
export function useArrowKeys(frame: RefObject<HTMLElement | null>) {
  return (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || frame.current === null) return;
    const links = [...frame.current.querySelectorAll<HTMLAnchorElement>("li a")];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at === -1 ? undefined : links[at + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
}
