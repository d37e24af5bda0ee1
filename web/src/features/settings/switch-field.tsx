import { Controller, type Control, type FieldPathByValue, type FieldValues } from "react-hook-form";

import { Switch } from "@/shared/ui/form/switch";

interface Props<Values extends FieldValues, Sent> {
  control: Control<Values, unknown, Sent>;
  name: FieldPathByValue<Values, boolean>;
  label: string;
  hint?: string;
  disabled: boolean;
}

/** A switch of a form; saved with the rest of it. */
export function SwitchField<Values extends FieldValues, Sent>({
  control,
  name,
  ...shown
}: Props<Values, Sent>) {
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => <Switch {...shown} checked={field.value} onChange={field.onChange} />}
    />
  );
}
