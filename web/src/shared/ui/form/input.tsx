import type { ComponentProps } from "react";

import { cn } from "@/shared/lib/cn";

// At least 16 px: phones zoom into smaller inputs.
const BOX =
  "w-full rounded-xl border border-line-strong bg-surface px-3 text-base placeholder:text-ink-soft disabled:bg-sunken disabled:text-ink-soft aria-invalid:border-danger aria-invalid:ring-1 aria-invalid:ring-danger";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(BOX, "h-11", className)} {...rest} />;
}

export function Textarea({ className, rows = 3, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={rows} className={cn(BOX, "py-2.5", className)} {...rest} />;
}

/** The native select, which works best on phones. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cn(BOX, "h-11 pr-8", className)} {...rest} />;
}
