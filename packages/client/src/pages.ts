type Page<T> = { items: T[]; next?: string | undefined };

/** Walks a paged list to its end, a page in memory at a time. */
export async function* pages<T>(
  fetchPage: (after: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const page = await fetchPage(after);
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
