import { useId } from "react";
import { Controller, type UseFormReturn } from "react-hook-form";

import { Field } from "@/shared/ui/form/field";
import { Input, Textarea } from "@/shared/ui/form/input";

import { TYPES, type DeviceForm } from "./device-values";
import { SpecsRows } from "./specs-rows";

/** Fields of a device. */
export function DeviceFields({ form }: { form: UseFormReturn<DeviceForm> }) {
  const types = useId();
  const { errors } = form.formState;
  return (
    <>
      <datalist id={types}>
        {TYPES.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Вид устройства" error={errors.device_type?.message}>
          <Input
            {...form.register("device_type")}
            list={types}
            placeholder="Ноутбук"
            autoComplete="off"
            enterKeyHint="next"
          />
        </Field>
        <Field label="Название" error={errors.title?.message}>
          <Input
            {...form.register("title")}
            placeholder="Asus VivoBook X515"
            autoComplete="off"
            enterKeyHint="next"
          />
        </Field>
      </div>
      <Field label="Описание" optional error={errors.description?.message}>
        <Textarea
          {...form.register("description")}
          rows={2}
          placeholder="Состояние, комплект, особые приметы"
        />
      </Field>
      <Controller
        control={form.control}
        name="specs"
        render={({ field, fieldState }) => (
          <SpecsRows value={field.value} onChange={field.onChange} error={fieldState.error?.message} />
        )}
      />
      <Field
        label="Своя цена, ₽"
        optional
        hint="Пусто — по тарифу."
        error={errors.extra_fee?.message}
        className="sm:max-w-60"
      >
        <Input
          {...form.register("extra_fee")}
          inputMode="decimal"
          placeholder="1 250,50"
          autoComplete="off"
          enterKeyHint="done"
        />
      </Field>
    </>
  );
}
