/** How far the finger has to pull before letting go asks again, in CSS pixels of the sign's distance. */
export const PULLED = 64;
const FARTHEST = 96;

/** Where the sign stands when the finger has gone `moved` pixels: slower and slower, as if on a spring. */
export function pullDistance(moved: number): number {
  if (moved <= 0) return 0;
  return FARTHEST * (1 - Math.exp(-moved / (2 * FARTHEST)));
}

export function isPulled(distance: number): boolean {
  return distance >= PULLED;
}
