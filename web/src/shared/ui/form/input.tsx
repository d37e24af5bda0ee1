import type { ComponentProps } from "react";

import { cn } from "@/shared/lib/cn";

// 16 px at least: a phone zooms into anything smaller when it is touched.
const BOX =
  "w-full rounded-xl border border-line-strong bg-surface px-3 text-base placeholder:text-ink-soft disabled:bg-sunken disabled:text-ink-soft aria-invalid:border-danger aria-invalid:ring-1 aria-invalid:ring-danger";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(BOX, "h-11", className)} {...rest} />;
}

export function Textarea({ className, rows = 3, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={rows} className={cn(BOX, "py-2.5", className)} {...rest} />;
}

/** The system's own list: the best one on a phone. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cn(BOX, "h-11 pr-8", className)} {...rest} />;
}
