import { useEffect, useState, useSyncExternalStore } from "react";

/** A message about a finished action. Errors are shown where they occur. */
interface Line {
  id: number;
  text: string;
}

const SHOWN_FOR = 4_000;

let lines: readonly Line[] = [];
let last = 0;
const listeners = new Set<() => void>();

function update(next: readonly Line[]): void {
  lines = next;
  for (const listener of listeners) listener();
}

export function say(text: string): void {
  last += 1;
  update([...lines, { id: last, text }]);
}

function useLines(): readonly Line[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => lines,
  );
}

export function Toasts() {
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-24 z-40 grid justify-items-center gap-2 px-4"
    >
      {useLines().map((line) => (
        <Shown key={line.id} line={line} />
      ))}
    </div>
  );
}

function Shown({ line }: { line: Line }) {
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    const fade = setTimeout(() => setLeaving(true), SHOWN_FOR - 300);
    const gone = setTimeout(() => update(lines.filter((one) => one.id !== line.id)), SHOWN_FOR);
    return () => {
      clearTimeout(fade);
      clearTimeout(gone);
    };
  }, [line.id]);
  return (
    <p
      className={`rounded-full bg-ink px-4 py-2 text-sm text-white shadow-lg transition-opacity ${leaving ? "opacity-0" : ""}`}
    >
      {line.text}
    </p>
  );
}
