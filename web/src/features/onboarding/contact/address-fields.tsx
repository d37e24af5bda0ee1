import type { UseFormReturn } from "react-hook-form";

import { Button } from "@/shared/ui/button";
import { Field } from "@/shared/ui/form/field";
import { Input, Textarea } from "@/shared/ui/form/input";

import { composeAddress, parseAddress } from "./address";
import { addressOf, AS_WHOLE, IN_PARTS, type ContactForm } from "./contact-form";

interface Props {
  form: UseFormReturn<ContactForm>;
  /** Current values of the form. */
  typed: ContactForm;
}

/** The address in parts, or in one line when it cannot be parsed. */
export function AddressFields({ form, typed }: Props) {
  const whole = typed.addressIn === AS_WHOLE;
  const { errors } = form.formState;
  const address = addressOf(typed);
  const turn = () => {
    if (whole) {
      const parts = parseAddress(form.getValues("whole").trim());
      if (parts !== undefined) form.reset({ ...typed, ...parts });
    } else if (composeAddress(typed) !== "") {
      form.setValue("whole", composeAddress(typed));
    }
    form.setValue("addressIn", whole ? IN_PARTS : AS_WHOLE);
    form.clearErrors();
  };
  return (
    <fieldset className="grid min-w-0 gap-4 rounded-card border border-line bg-surface p-4 sm:p-5">
      <legend className="px-1 text-lg font-semibold">Адрес</legend>
      {whole ? (
        <Field label="Адрес целиком" error={errors.whole?.message}>
          <Textarea autoComplete="off" {...form.register("whole")} />
        </Field>
      ) : (
        <Parts form={form} />
      )}
      {errors.addressIn?.message !== undefined && (
        <p role="alert" className="text-sm text-danger">
          {errors.addressIn.message}
        </p>
      )}
      {!whole && address !== "" && <p className="text-sm wrap-anywhere text-ink-soft">Целиком: {address}</p>}
      {!whole && address === "" && typed.whole !== "" && (
        <p className="text-sm wrap-anywhere text-ink-soft">Сейчас в карточке: {typed.whole}</p>
      )}
      <Button look="quiet" className="-ml-4 justify-self-start whitespace-normal" onClick={turn}>
        {whole ? "Заполнить по частям" : "Написать одной строкой"}
      </Button>
    </fieldset>
  );
}

const WIDE = "col-span-6";

function Parts({ form: { register, formState } }: { form: UseFormReturn<ContactForm> }) {
  const { errors } = formState;
  return (
    <div className="grid grid-cols-6 gap-4">
      <Field label="Область или край" optional className={WIDE} error={errors.region?.message}>
        <Input autoComplete="off" autoCapitalize="sentences" enterKeyHint="next" {...register("region")} />
      </Field>
      <Field
        label="Город или населённый пункт"
        hint="Например, г. Москва"
        className="col-span-6 sm:col-span-4"
        error={errors.city?.message}
      >
        <Input autoComplete="off" autoCapitalize="sentences" enterKeyHint="next" {...register("city")} />
      </Field>
      <Field label="Индекс" optional className="col-span-6 sm:col-span-2" error={errors.postcode?.message}>
        <Input autoComplete="off" inputMode="numeric" enterKeyHint="next" {...register("postcode")} />
      </Field>
      <Field label="Улица" hint="Например, ул. Садовая" className={WIDE} error={errors.street?.message}>
        <Input autoComplete="off" autoCapitalize="sentences" enterKeyHint="next" {...register("street")} />
      </Field>
      <Field label="Дом" className="col-span-2" error={errors.house?.message}>
        <Input autoComplete="off" enterKeyHint="next" {...register("house")} />
      </Field>
      <Field label="Корпус" className="col-span-2" error={errors.building?.message}>
        <Input autoComplete="off" enterKeyHint="next" {...register("building")} />
      </Field>
      <Field label="Квартира" className="col-span-2" error={errors.flat?.message}>
        <Input autoComplete="off" enterKeyHint="next" {...register("flat")} />
      </Field>
      <Field
        label="Как пройти"
        optional
        hint="Подъезд, этаж, код домофона"
        className={WIDE}
        error={errors.comment?.message}
      >
        <Input autoComplete="off" enterKeyHint="done" {...register("comment")} />
      </Field>
    </div>
  );
}
