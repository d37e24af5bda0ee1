import { useId, type ReactElement, type ReactNode, cloneElement } from "react";

import { cn } from "@/shared/lib/cn";

interface Marked {
  id?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

interface Props {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
  className?: string;
  children: ReactElement<Marked>;
}

/** A control with a label, and an error or a hint below. */
export function Field({ label, hint, error, optional = false, className, children }: Props) {
  const id = useId();
  const note = `${id}-note`;
  const noted = error !== undefined || hint !== undefined;
  return (
    <div className={cn("grid content-start gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional && <span className="font-normal text-ink-soft"> (необязательно)</span>}
      </label>
      {cloneElement(children, {
        id,
        "aria-describedby": noted ? note : undefined,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {noted && (
        <p
          id={note}
          role={error === undefined ? undefined : "alert"}
          className={cn("text-sm", error === undefined ? "text-ink-soft" : "text-danger")}
        >
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
