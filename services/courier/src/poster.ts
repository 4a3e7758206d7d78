import { retryAfterMs } from "@suar/contract";
import { type AddressGuard, AddressRefused, guardedAgent } from "@suar/runtime";
import { request } from "undici";

type Post = { url: string; headers: Record<string, string>; body: string };
export type PostResult = {
  status: number | null;
  problem: string | null;
  durationMs: number;
  retryAfterMs: number | undefined;
};

/**
 * Posts a signed body. Never throws: whatever goes wrong is a result. Redirects are not followed. A connection
 * has ten seconds to come about, the body `timeoutMs` to be taken, the answer's headers the same to come.
 */
export type Poster = { post(post: Post): Promise<PostResult>; close(): Promise<void> };

const MOST_ANSWER = 16 * 1024;

export function createPoster(guard: AddressGuard, timeoutMs: number): Poster {
  const agent = guardedAgent(guard, timeoutMs);
  return {
    post: async (post) => {
      const started = performance.now();
      const done = (status: number | null, problem: string | null, retryAfterMs?: number): PostResult => ({
        status,
        problem,
        durationMs: Math.round(performance.now() - started),
        retryAfterMs,
      });
      try {
        const answer = await request(post.url, {
          method: "POST",
          headers: post.headers,
          body: post.body,
          dispatcher: agent,
        });
        // The status is the answer. Its body is read so that the connection can be used again, up to a bound, and
        // how that ends changes nothing.
        answer.body.dump({ limit: MOST_ANSWER }).catch(() => undefined);
        const { statusCode } = answer;
        const good = statusCode >= 200 && statusCode < 300;
        return done(
          statusCode,
          good ? null : `answered ${statusCode}`,
          retryAfterMs(answer.headers["retry-after"]),
        );
      } catch (error) {
        return done(null, describeFailure(error));
      }
    },
    close: async () => await agent.destroy(),
  };
}

function describeFailure(error: unknown): string {
  if (error instanceof AddressRefused) return `refused: ${error.message}`;
  const cause = (error as { cause?: unknown }).cause;
  if (cause instanceof AddressRefused) return `refused: ${cause.message}`;
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === "TimeoutError" || code === "UND_ERR_HEADERS_TIMEOUT") return "no answer in time";
  return code ?? message ?? "no answer";
}
