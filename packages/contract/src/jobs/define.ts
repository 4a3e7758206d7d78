import type { z } from "zod";

/**
 * A job, defined once and parsed at both ends. Its name is imperative and versioned, its payload holds row
 * ids only (state lives in PostgreSQL), and `queue` says which service's workers take it.
 */
export type JobDefinition<P extends z.ZodType = z.ZodType> = {
  name: `${string}.v${number}`;
  queue: string;
  payload: P;
  attempts: number;
  /** What a wake under the key of a job that runs at that moment does: one more run after it, or nothing. */
  whileRunning: "again" | "nothing";
};

export function defineJob<P extends z.ZodType>(job: JobDefinition<P>): JobDefinition<P> {
  return job;
}
