import type { ReactNode } from "react";

import { cn } from "@/shared/lib/cn";

interface Props {
  title: string;
  back?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}

/** A screen: heading, actions, and content in a readable column. */
export function Page({ title, back, actions, children, wide = false }: Props) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className={cn(
        "mx-auto grid w-full grid-cols-1 content-start gap-4 pt-4 safe-x pb-8 outline-none",
        wide ? "max-w-6xl" : "max-w-3xl",
      )}
    >
      <title>{`${title} · Привет`}</title>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 items-center gap-1">
          {back}
          <h1 className="min-w-0 text-2xl font-semibold wrap-anywhere">{title}</h1>
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
