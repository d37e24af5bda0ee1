import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";

import { cn } from "@/shared/lib/cn";

import { Spinner } from "./spinner";

const look = cva(
  "inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4 text-base font-medium whitespace-nowrap transition-colors select-none disabled:cursor-default disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-5 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-accent text-white enabled:hover:bg-accent-strong [a&]:hover:bg-accent-strong",
        secondary:
          "border border-line-strong bg-surface text-ink enabled:hover:bg-sunken [a&]:hover:bg-sunken",
        quiet: "text-accent enabled:hover:bg-accent-soft [a&]:hover:bg-accent-soft",
        danger: "bg-danger text-white enabled:hover:bg-danger/90",
      },
      size: { normal: "", small: "min-h-9 rounded-lg px-3 text-sm [&_svg]:size-4", icon: "size-11 px-0" },
    },
    defaultVariants: { look: "primary", size: "normal" },
  },
);

type Props = ComponentProps<"button"> & VariantProps<typeof look> & { asChild?: boolean; busy?: boolean };

/** `busy`: waits for a response and cannot be pressed. `asChild`: styles a link as a button. */
export function Button({
  asChild = false,
  busy = false,
  look: kind,
  size,
  className,
  children,
  disabled,
  ...rest
}: Props) {
  const classes = cn(look({ look: kind, size }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button type="button" className={classes} disabled={disabled === true || busy} aria-busy={busy} {...rest}>
      {busy && <Spinner />}
      {children}
    </button>
  );
}
