/** An object inside a JSON value, and the keys that lead to it. */
export type Place = { keys: readonly string[]; node: Record<string, unknown> };

/** Every object in a JSON value, itself first. No recursion: the values may be a stranger's. */
export function* objectsIn(value: unknown): Generator<Place> {
  const pending: { keys: string[]; value: unknown }[] = [{ keys: [], value }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (!Array.isArray(next.value)) yield { keys: next.keys, node: next.value as Record<string, unknown> };
    for (const [key, member] of Object.entries(next.value))
      pending.push({ keys: [...next.keys, key], value: member });
  }
}
