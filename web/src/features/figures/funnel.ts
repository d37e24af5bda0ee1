interface Passage {
  reached: number;
  passed: number;
}

/** Of those who came to a step: the share, 0…1, that got past it; null where nobody came. */
export function conversion({ reached, passed }: Passage): number | null {
  return reached === 0 ? null : passed / reached;
}

/** How long the bar of a number is beside the longest one, 0…1. */
export function shareOf(value: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, value / whole);
}

/** Where most are lost: the step with the lowest conversion of those that at least `enough` clients came to. */
export function narrowest<Step extends Passage>(steps: readonly Step[], enough: number): Step | undefined {
  const counted = steps.filter((step) => step.reached >= enough && step.passed < step.reached);
  return counted.reduce<Step | undefined>(
    (least, step) =>
      least === undefined || (conversion(step) ?? 1) < (conversion(least) ?? 1) ? step : least,
    undefined,
  );
}
