/** Fields changed after `sent`: a write may wait for the connection for long. */
export function typedSince<Value>(
  sent: Readonly<Record<string, Value>> | undefined,
  now: Readonly<Record<string, Value>>,
): [string, Value][] {
  const before = new Map(Object.entries(sent ?? now));
  return Object.entries(now).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before.get(name)),
  );
}
