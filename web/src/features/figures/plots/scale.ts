/** Upper bound of the axis: 1, 2 or 5 times a power of ten; at least 1. */
export function topOf(values: readonly number[]): number {
  const largest = Math.max(1, ...values);
  const power = 10 ** Math.floor(Math.log10(largest));
  return ([1, 2, 5].find((step) => step * power >= largest) ?? 10) * power;
}

/**
 * Points of a line in a box of `width` × `height` with the upper bound `top`. A single value is placed in the
 * middle.
 */
export function pointsOf(values: readonly number[], top: number, width: number, height: number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const start = values.length > 1 ? 0 : width / 2;
  return values
    .map((value, at) => `${round(start + at * step)},${round(height - (value / top) * height)}`)
    .join(" ");
}

/** Up to `most` evenly spaced indexes for labels, including the first and the last. */
export function labelledOf(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: most }, (_, at) => Math.round((at * (count - 1)) / (most - 1)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
