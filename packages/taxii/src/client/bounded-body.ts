import { TaxiiFault } from "./taxii-fault.ts";

export type BodyBounds = {
  mostBytes: number;
  idleMs: number;
  bodyMs: number;
  /** Ends the exchange that the body belongs to. */
  stop: AbortController;
  /** The caller's own wish to end it: what that says is thrown. */
  outer?: AbortSignal | undefined;
};

/**
 * A body that ends: within its size (counted as it comes out of its compression), its time, and never long between
 * two parts. Throws a TaxiiFault; whoever stops reading early ends the exchange.
 */
export async function* boundedBody(
  body: AsyncIterable<Uint8Array>,
  { mostBytes, idleMs, bodyMs, stop, outer }: BodyBounds,
): AsyncGenerator<Uint8Array> {
  const tooSlow = (): void =>
    stop.abort(new TaxiiFault("too-slow", "The server's answer does not come to an end in time"));
  const overall = setTimeout(tooSlow, bodyMs);
  let idle = setTimeout(tooSlow, idleMs);
  let size = 0;
  let ended = false;
  try {
    for await (const part of body) {
      clearTimeout(idle);
      size += part.byteLength;
      if (size > mostBytes)
        throw new TaxiiFault("too-large", `The server's answer has more than ${mostBytes} octets`);
      yield part;
      idle = setTimeout(tooSlow, idleMs);
    }
    ended = true;
  } catch (cause) {
    if (cause instanceof TaxiiFault) throw cause;
    outer?.throwIfAborted();
    if (stop.signal.reason instanceof TaxiiFault) throw stop.signal.reason;
    throw new TaxiiFault("unreachable", "The connection broke before the answer was whole", { cause });
  } finally {
    clearTimeout(overall);
    clearTimeout(idle);
    if (!ended) stop.abort();
  }
}
