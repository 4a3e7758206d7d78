import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Sends what everybody may cache, as long as each use of it is asked for first (RFC 9111 §5.2.2.4): what is withdrawn has
 * to be gone at once. `known` is what the answer is known by; undefined where it is to be read anew each time.
 */
export function sendPublic(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  body: string,
  known: string | undefined,
): FastifyReply {
  reply.header("cache-control", "public, no-cache");
  reply.header("access-control-allow-origin", "*");
  if (known !== undefined) {
    const tag = `W/"${createHash("sha256").update(known).digest("base64url")}"`;
    reply.header("etag", tag);
    if (isKnown(request.headers["if-none-match"], tag)) return reply.code(304).send();
  }
  return reply.code(200).header("content-type", "application/json; charset=utf-8").send(body);
}

/** By the weak comparison (RFC 9110 §13.1.2). */
export function isKnown(asked: string | undefined, tag: string): boolean {
  const tags = asked?.split(",").map((one) => one.trim()) ?? [];
  return tags.includes("*") || tags.some((one) => one.replace(/^W\//, "") === tag.replace(/^W\//, ""));
}
