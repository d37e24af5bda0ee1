/**
 * How far the server's clock is ahead of this device's, in milliseconds, by the `Date` of a response. Differences
 * below the header's resolution count as zero.
 */
export function clockAhead(date: string | null, now: number): number {
  const ahead = date === null ? 0 : Date.parse(date) - now;
  return Number.isNaN(ahead) || Math.abs(ahead) < 2_000 ? 0 : ahead;
}
