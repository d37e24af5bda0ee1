import type { FieldValues, Path, UseFormSetError } from "react-hook-form";

import type { Problem } from "@/shared/api/problem";

/** Shows the server's errors at their fields. */
export function showFieldErrors<Values extends FieldValues>(
  problem: Problem,
  fields: readonly Path<Values>[],
  setError: UseFormSetError<Values>,
): void {
  const placed = fields.filter((field) => problem.field(field) !== undefined);
  placed.forEach((field, index) =>
    setError(field, { type: "server", message: problem.field(field) ?? "" }, { shouldFocus: index === 0 }),
  );
}
