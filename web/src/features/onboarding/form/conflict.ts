/** A field as shown: one or more form values under one label. */
export interface Described<Form> {
  label: string;
  keys: readonly (keyof Form)[];
  /** Text of the field. Forms with equal texts are equal. */
  show: (form: Form) => string;
}

/** A field changed on the server, with its old, new and typed values. */
export interface Difference<Form> {
  field: Described<Form>;
  was: string;
  now: string;
  mine: string;
}

/** A field with a single text value. */
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
 * Three-way comparison: fields changed on the server since `was`, unless `mine` has the same value. Empty when the
 * form can be sent.
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

/** `mine` with the conflicting fields taken from `now`. */
export function takeNew<Form extends object>(
  found: readonly Difference<Form>[],
  now: Form,
  mine: Form,
): Form {
  const taken: Form = { ...mine };
  for (const { field } of found) for (const key of field.keys) taken[key] = now[key];
  return taken;
}

/** Serialises an unsent form: the typed values, and the base values that differ from them. */
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

/** Reads the result of `pack`, possibly from an older version of the app; invalid values are taken from `current`. */
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
