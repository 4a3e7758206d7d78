import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { FastifyReply } from "fastify";

/** Lines of JSON, each as soon as it is there and at the client's pace; the handler is busy until the last one. */
export async function sendLines<Line>(
  reply: FastifyReply,
  lines: AsyncGenerator<Line>,
): Promise<FastifyReply> {
  reply.headers({ "cache-control": "no-store", "x-accel-buffering": "no" }).type("application/x-ndjson");
  const stream = Readable.from(asText(lines));
  reply.send(stream);
  await finished(stream).catch((error: unknown) => reply.log.debug({ err: error }, "an answer broke off"));
  return reply;
}

async function* asText<Line>(lines: AsyncGenerator<Line>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`);
}
