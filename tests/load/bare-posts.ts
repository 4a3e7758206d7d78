import { Agent, request } from "undici";
import { answerParent } from "./child.ts";
import { now } from "./statistics.ts";

/** A bare loop that posts one body again and again: no database, no signature, no retries. */
type Question = { url: string; body: string; headers: Record<string, string>; posts: number; atOnce: number };

const agent = new Agent({ connections: 32, pipelining: 1 });

answerParent<Question>(async ({ url, body, headers, posts, atOnce }) => {
  const at = now();
  let left = posts;
  const post = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await request(url, { method: "POST", headers, body, dispatcher: agent });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, post));
  return { at };
});
