import type { ReactNode } from "react";

export function Help({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="rounded-xl bg-sunken px-4 text-sm">
      <summary className="flex min-h-11 items-center font-medium">{title}</summary>
      <ol className="grid list-decimal gap-1.5 pb-4 pl-5 text-ink-soft">{children}</ol>
    </details>
  );
}
