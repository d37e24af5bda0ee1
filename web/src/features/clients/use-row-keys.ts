import { useEffect, type RefObject } from "react";

const KEYS = ["ArrowDown", "ArrowUp", "Home", "End"];

/** Arrow keys move between the search and the rows; Home and End jump. */
export function useRowKeys(area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const go = (event: KeyboardEvent) => {
      if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
        return;
      const rows = [...element.querySelectorAll<HTMLElement>("a[data-client]")];
      const input = element.querySelector<HTMLElement>("input");
      const at = rows.findIndex((row) => row === document.activeElement);
      const inSearch = document.activeElement === input;
      if (at === -1 && !(inSearch && event.key === "ArrowDown")) return;
      event.preventDefault();
      (target(event.key, rows, at) ?? input)?.focus();
    };
    element.addEventListener("keydown", go);
    return () => element.removeEventListener("keydown", go);
  }, [area]);
}

function target(key: string, rows: HTMLElement[], at: number): HTMLElement | undefined {
  switch (key) {
    case "ArrowDown":
      return rows[Math.min(at + 1, rows.length - 1)];
    case "ArrowUp":
      return rows[at - 1];
    case "Home":
      return rows[0];
    default:
      return rows.at(-1);
  }
}
