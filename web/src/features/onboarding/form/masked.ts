import type { UseFormRegisterReturn } from "react-hook-form";

import { maskInput, type Mask } from "@/shared/lib/mask";

/** Registers a field with an input mask. */
export function masked<Name extends string>(
  field: UseFormRegisterReturn<Name>,
  mask: Mask,
): UseFormRegisterReturn<Name> {
  return {
    ...field,
    onChange: (event: { target: HTMLInputElement }) => {
      maskInput(event.target, mask);
      return field.onChange(event);
    },
  };
}
