/** A field as a person sees it: one or more values of the form under one name. */
export interface Described<Form> {
  label: string;
  keys: readonly (keyof Form)[];
  /** The whole of it as text; two forms whose texts are equal are equal. */
  show: (form: Form) => string;
}

/** What somebody else has made of a field, beside what it was and what stands on the screen. */
export interface Difference<Form> {
  field: Described<Form>;
  was: string;
  now: string;
  mine: string;
}

/** A field that is one text of the form. */
export function textField<Form extends Record<Key, string>, Key extends keyof Form>(
  key: Key,
  label: string,
): Described<Form> {
  return { label, keys: [key], show: (form) => form[key] };
}

export function alike<Form>(fields: readonly Described<Form>[], one: Form, other: Form): boolean {
  return fields.every((field) => field.show(one) === field.show(other));
}

/**
 * Three-way: fields that the server has changed since the form was begun (`was`), as far as the screen (`mine`) does
 * not say the same. Empty: what was typed can be sent.
 */
export function differences<Form>(
  fields: readonly Described<Form>[],
  was: Form,
  now: Form,
  mine: Form,
): Difference<Form>[] {
  return fields
    .map((field) => ({ field, was: field.show(was), now: field.show(now), mine: field.show(mine) }))
    .filter((one) => one.was !== one.now && one.now !== one.mine);
}

/** Mine, with the fields that differ as they are now. */
export function takeNew<Form extends object>(
  found: readonly Difference<Form>[],
  now: Form,
  mine: Form,
): Form {
  const taken: Form = { ...mine };
  for (const { field } of found) for (const key of field.keys) taken[key] = now[key];
  return taken;
}

/** What is kept of an unsent form: what was typed, and of what it was begun with only what is different. */
export function pack<Form extends object>(typed: Form, base: Form): Record<string, unknown> {
  const stands = new Map(Object.entries(typed));
  const changed = Object.entries(base).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(stands.get(key)),
  );
  return { typed, base: Object.fromEntries(changed) };
}

interface Unpacked<Form> {
  typed: Form;
  base: Form;
}

/** Reads what `pack` made, perhaps by an older app; what is not a text of this form is taken from `current`. */
export function unpack<Form extends Record<keyof Form, string>>(
  values: Record<string, unknown>,
  current: Form,
): Unpacked<Form> {
  const typed = texts(values.typed, current);
  return { typed, base: texts(values.base, typed) };
}

function texts<Form extends Record<keyof Form, string>>(values: unknown, otherwise: Form): Form {
  if (typeof values !== "object" || values === null) return otherwise;
  const known = Object.entries(values).filter(
    ([key, value]) => typeof value === "string" && Object.hasOwn(otherwise, key),
  );
  return { ...otherwise, ...Object.fromEntries(known) };
}
