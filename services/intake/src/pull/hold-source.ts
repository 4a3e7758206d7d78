import { Fenced } from "../fenced.ts";

/** Short, so that what a killed worker held goes on soon; renewed for as long as the pull takes. */
export const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 3_000;

/** Aborted with Fenced when the source is another's, or this process cannot know any more that it is ours. */
export type Hold = { signal: AbortSignal; end(): void };

/** `claimedAt` is taken before the claim was asked for, by `performance.now()`. */
export function holdSource(options: {
  claimedAt: number;
  /** Asks for LEASE_MS more; false when it is not ours. */
  renew(): Promise<boolean>;
  failed(error: unknown): void;
  stopping: AbortSignal;
}): Hold {
  const lost = new AbortController();
  let until = options.claimedAt + LEASE_MS;
  const renew = async (): Promise<void> => {
    const asked = performance.now();
    if (await options.renew()) until = asked + LEASE_MS;
    else lost.abort(new Fenced());
  };
  const renewing = setInterval(() => {
    if (performance.now() > until) lost.abort(new Fenced());
    else renew().catch(options.failed);
  }, RENEW_EVERY_MS);
  const stop = (): void => lost.abort(new Fenced());
  options.stopping.addEventListener("abort", stop);
  if (options.stopping.aborted) stop();
  return {
    signal: lost.signal,
    end: () => {
      clearInterval(renewing);
      options.stopping.removeEventListener("abort", stop);
    },
  };
}
