import type { Reader } from "./readers.ts";

/** What everybody reads without a key. */
export async function publicText({ api }: Reader): Promise<string> {
  let text = "";
  for (let after = "0", more = true; more; ) {
    const page = await api.get(`/v1/public/events?limit=500&after=${after}`);
    if (page.status !== 200) throw new Error(page.text);
    text += page.text;
    ({ next: after, more } = page.body);
  }
  return text;
}

/** All that a reader finds among objects, page by page. */
export async function allObjects({ api }: Reader): Promise<string> {
  let text = "";
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page = await api.get(`/v1/objects?limit=500${after === "" ? "" : `&after=${after}`}`);
    text += page.text;
    after = page.body.next;
  }
  return text;
}
