import type { UseFormRegisterReturn } from "react-hook-form";

import { maskInput, type Mask } from "@/shared/lib/mask";

/** Registers a field with an input mask; `whole` is the mask of what was typed to its end. */
export function masked<Name extends string>(
  field: UseFormRegisterReturn<Name>,
  mask: Mask,
  whole: Mask = mask,
): UseFormRegisterReturn<Name> {
  return {
    ...field,
    onChange: (event: { target: HTMLInputElement }) => {
      maskInput(event.target, mask);
      return field.onChange(event);
    },
    onBlur: async (event: { target: HTMLInputElement }) => {
      const typed = event.target.value;
      maskInput(event.target, whole);
      if (event.target.value !== typed) await field.onChange({ ...event, type: "change" });
      return field.onBlur(event);
    },
  };
}
