/**
 * A worker's hold on the deliveries that it claimed. A lease is short, so that what a killed worker held goes
 * on soon, and renewed for as long as the posts take, so that nobody else posts the same meanwhile. A worker
 * that could not renew in time (stopped, or cut off from the database) begins no more posts.
 */
export const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 3_000;

export type Lease = {
  /** Whether a delivery is still ours, as far as this process can know. */
  holds(seq: number): boolean;
  end(): void;
};

/** `claimedAt` is taken before the claim was asked for, by `performance.now()`. */
export function keepLease(options: {
  seqs: readonly number[];
  claimedAt: number;
  /** Asks for LEASE_MS more; the seqs that are still ours. */
  renew(): Promise<readonly number[]>;
  failed(error: unknown): void;
}): Lease {
  let held = new Set(options.seqs);
  let until = options.claimedAt + LEASE_MS;
  const renew = async (): Promise<void> => {
    const asked = performance.now();
    held = new Set(await options.renew());
    until = asked + LEASE_MS;
  };
  const renewing = setInterval(() => renew().catch(options.failed), RENEW_EVERY_MS);
  return {
    holds: (seq) => held.has(seq) && performance.now() < until,
    end: () => clearInterval(renewing),
  };
}
