const MOST = 1_000;

/** The first thousand of a list, which is what a table can hold; the SDK's iterators go on. */
export async function collect<T>(things: AsyncIterable<T>, most = MOST): Promise<T[]> {
  const collected: T[] = [];
  for await (const thing of things) {
    collected.push(thing);
    if (collected.length >= most) break;
  }
  return collected;
}

/** `a, b` as a list; nothing where nothing is given. */
export function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
