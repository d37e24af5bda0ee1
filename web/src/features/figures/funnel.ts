interface Passage {
  reached: number;
  passed: number;
}

/** Share of clients, 0…1, that passed a step; null when no one reached it. */
export function conversion({ reached, passed }: Passage): number | null {
  return reached === 0 ? null : passed / reached;
}

/** Length of a bar relative to the longest one, 0…1. */
export function shareOf(value: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, value / whole);
}

/** The step with the lowest conversion among those reached by at least `enough` clients. */
export function narrowest<Step extends Passage>(steps: readonly Step[], enough: number): Step | undefined {
  const counted = steps.filter((step) => step.reached >= enough && step.passed < step.reached);
  return counted.reduce<Step | undefined>(
    (least, step) =>
      least === undefined || (conversion(step) ?? 1) < (conversion(least) ?? 1) ? step : least,
    undefined,
  );
}
