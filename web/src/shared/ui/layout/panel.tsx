import type { ComponentProps, ReactNode } from "react";

import { cn } from "@/shared/lib/cn";

export function Panel({ className, ...rest }: ComponentProps<"section">) {
  return (
    <section className={cn("rounded-card border border-line bg-surface p-4 sm:p-5", className)} {...rest} />
  );
}

/** A section with a heading and an action. */
export function Part({
  title,
  action,
  children,
  className,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <Panel aria-label={title} className={cn("grid grid-cols-1 gap-4", className)}>
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-lg font-semibold">{title}</h2>
        {action}
      </header>
      {children}
    </Panel>
  );
}

/** A list of names and values. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  );
}
