/** Pull distance that triggers a refresh, in CSS pixels of the indicator. */
export const PULLED = 64;
const FARTHEST = 96;

/** Position of the indicator after the finger has moved `moved` pixels; slows down with distance. */
export function pullDistance(moved: number): number {
  if (moved <= 0) return 0;
  return FARTHEST * (1 - Math.exp(-moved / (2 * FARTHEST)));
}

export function isPulled(distance: number): boolean {
  return distance >= PULLED;
}
