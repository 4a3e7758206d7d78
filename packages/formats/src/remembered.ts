const LONGEST_REMEMBERED = 200;

/**
 * The same function with a memory: cells of a column repeat (types, dates, tags), and looking one up is cheaper
 * than reading it again. What it remembers is bounded, for input may be made so that nothing repeats, and that of a megabyte a cell.
 */
export function remembered<T>(read: (text: string) => T, most = 1_000): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return read(text);
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const value = read(text);
    if (known.size >= most) known.clear();
    known.set(text, value);
    return value;
  };
}
