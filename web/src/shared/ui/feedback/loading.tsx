import { cn } from "@/shared/lib/cn";

/** Placeholder of loading content; hidden from screen readers. */
function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-xl bg-sunken", className)} />;
}

export function Loading({ rows = 3, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" className={cn("grid gap-3", className)}>
      <span className="sr-only">Загружаем…</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-20" />
      ))}
    </div>
  );
}
