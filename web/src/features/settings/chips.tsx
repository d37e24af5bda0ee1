import { X } from "lucide-react";

interface Props {
  label: string;
  values: readonly string[];
  shown?: (value: string) => string;
  disabled?: boolean;
  onRemove: (value: string) => void;
}

/** Short values in a row, each with a remove button. */
export function Chips({ label, values, shown = (value) => value, disabled = false, onRemove }: Props) {
  if (values.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {values.map((value) => (
        <li key={value} className="flex max-w-full items-center rounded-full bg-sunken pl-4 text-sm">
          <span className="min-w-0 py-2 wrap-anywhere">{shown(value)}</span>
          <button
            type="button"
            aria-label={`Убрать ${shown(value)}`}
            disabled={disabled}
            onClick={() => onRemove(value)}
            className="grid size-11 shrink-0 place-items-center rounded-full text-ink-soft hover:text-danger disabled:opacity-40"
          >
            <X aria-hidden className="size-4" />
          </button>
        </li>
      ))}
    </ul>
  );
}
