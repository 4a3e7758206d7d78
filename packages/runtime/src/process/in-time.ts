/** Waits for work that may never end; rejects when it takes longer than `withinMs`, and minds it no more. */
export async function inTime<T>(work: Promise<T>, withinMs: number, what: string): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new Error(`${what} did not end within ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(late);
  }
}
