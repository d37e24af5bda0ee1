import { cva, type VariantProps } from "class-variance-authority";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { sentence } from "@/shared/api/problem";
import { cn } from "@/shared/lib/cn";

import { Button } from "@/shared/ui/button";

const look = cva("flex gap-3 rounded-xl p-3 text-sm [&_svg]:mt-0.5 [&_svg]:size-5 [&_svg]:shrink-0", {
  variants: {
    kind: {
      info: "bg-info-soft text-info",
      good: "bg-good-soft text-good",
      warn: "bg-warn-soft text-warn",
      danger: "bg-danger-soft text-danger",
    },
  },
});

const ICONS = { info: Info, good: CircleCheck, warn: TriangleAlert, danger: CircleAlert };

type Kind = NonNullable<VariantProps<typeof look>["kind"]>;

/** A message in the page; `danger` is announced at once by screen readers. */
export function Notice({
  kind,
  title,
  children,
  className,
}: {
  kind: Kind;
  title?: string;
  children?: ReactNode;
  className?: string;
}) {
  const Icon = ICONS[kind];
  return (
    <div role={kind === "danger" ? "alert" : "status"} className={cn(look({ kind }), className)}>
      <Icon aria-hidden />
      <div className="grid min-w-0 flex-1 content-start gap-2">
        {title !== undefined && <p className="font-semibold">{title}</p>}
        {children !== undefined && <div className="wrap-anywhere">{children}</div>}
      </div>
    </div>
  );
}

/** An error with an optional retry. */
export function Failure({
  error,
  retry,
  className,
}: {
  error: unknown;
  retry?: () => unknown;
  className?: string;
}) {
  return (
    <Notice kind="danger" {...(className === undefined ? {} : { className })}>
      <p>{sentence(error)}</p>
      {retry !== undefined && (
        <Button look="secondary" size="small" className="mt-2" onClick={() => void retry()}>
          Попробовать ещё раз
        </Button>
      )}
    </Notice>
  );
}
