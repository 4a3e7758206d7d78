import type { FastifyInstance, FastifyRequest } from "fastify";

type Body = AsyncIterable<Uint8Array>;

/** Hands bodies of any media type on as streams, in this scope; whoever takes one bounds it. */
export function takeRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
}

/** A reader that stops early would end the stream, and the connection with it, before our answer is out. */
export function heldOpen(source: Body): Body {
  const iterator = source[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: async () => await iterator.next() }) };
}

const MOST_DRAINED = 64 * 1024 * 1024;

/** Reads what is left of a refused body, so that the caller gets the answer and may use the connection again. */
export async function drainBody(request: FastifyRequest, body: Body): Promise<void> {
  let size = 0;
  try {
    for await (const part of body) {
      size += part.byteLength;
      if (size > MOST_DRAINED) break;
    }
  } catch (error) {
    request.log.debug({ err: error }, "the rest of a refused body broke off");
    return;
  }
  if (size > MOST_DRAINED) request.raw.destroy();
}
