/**
 * The entry of a table that is looked up with a word of the input. A plain index also finds what every object
 * inherits (`constructor`, `toString`), which is no entry.
 */
export function ownValue<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
