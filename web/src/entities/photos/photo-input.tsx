import type { ReactNode } from "react";

import { cn } from "@/shared/lib/cn";

import { OFFERED } from "./upload/fit";

interface Props {
  multiple?: boolean;
  /** Opens the camera directly on a phone. */
  camera?: boolean;
  disabled?: boolean;
  className?: string;
  onFiles: (files: File[]) => void;
  /** Text of the button, also the accessible name of the input. */
  children: ReactNode;
}

/** Button that opens the system's photo picker. */
export function PhotoInput({
  multiple = false,
  camera = false,
  disabled = false,
  className,
  onFiles,
  children,
}: Props) {
  return (
    <label
      className={cn(
        "inline-flex min-h-11 cursor-pointer items-center justify-center gap-2 rounded-xl border border-line-strong bg-surface px-4 font-medium not-supports-[selector(:has(a))]:focus-within:outline-2 hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent [&_svg]:size-5 [&_svg]:shrink-0",
        disabled && "cursor-default opacity-55",
        className,
      )}
    >
      {children}
      <input
        type="file"
        accept={OFFERED.join()}
        className="sr-only"
        disabled={disabled}
        {...(multiple ? { multiple } : {})}
        {...(camera ? { capture: "environment" as const } : {})}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // Allows choosing the same file again.
          currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
    </label>
  );
}
