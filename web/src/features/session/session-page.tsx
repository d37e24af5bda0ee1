import type { ReactNode } from "react";

/** Layout of the sign-in pages: one narrow column. */
export function SessionPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-6 py-8 safe-x">
      <title>{`${title} · Привет`}</title>
      <header className="grid gap-1">
        <p className="text-lg font-semibold text-accent">Привет</p>
        <h1 className="text-2xl font-semibold">{title}</h1>
      </header>
      {children}
    </main>
  );
}
