import type { FieldValues, Path, UseFormSetError } from "react-hook-form";

import type { Problem } from "@/shared/api/problem";

/** Puts the server's sentences to their fields. False: there is one that belongs to none of them. */
export function placeErrors<Values extends FieldValues>(
  problem: Problem,
  fields: readonly Path<Values>[],
  setError: UseFormSetError<Values>,
): boolean {
  const errors = problem.document.errors ?? [];
  const placed = fields.filter((field) => problem.field(field) !== undefined);
  placed.forEach((field, index) =>
    setError(field, { type: "server", message: problem.field(field) ?? "" }, { shouldFocus: index === 0 }),
  );
  return errors.length > 0 && errors.every(({ loc }) => placed.some((field) => field === loc[1]));
}
