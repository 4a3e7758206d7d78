import type { Counts, RecordOutcome, SubmissionDetail } from "@suar/contract";

/** What a pull came to so far. */
export type PullTally = {
  url: string;
  collection: { id: string; title: string } | undefined;
  objects: number;
  /** Objects that were not submitted: their marking is defined by nobody, or they are too large, or JSON that is never taken. */
  leftOut: number;
  counts: Counts;
  submissions: string[];
  /** Submissions that failed as a whole. */
  failed: { id: string; code: string; detail: string }[];
  rejects: RecordOutcome[];
  addedUpTo: string | undefined;
  complete: boolean;
};

export function emptyTally(url: string): PullTally {
  return {
    url,
    collection: undefined,
    objects: 0,
    leftOut: 0,
    counts: { records: 0, accepted: 0, merged: 0, unchanged: 0, rejected: 0 },
    submissions: [],
    failed: [],
    rejects: [],
    addedUpTo: undefined,
    complete: false,
  };
}

const MOST_REJECTS = 20;

export function countSubmission(
  tally: PullTally,
  { id, counts, problem }: SubmissionDetail,
  rejects: readonly RecordOutcome[],
): void {
  tally.submissions.push(id);
  if (problem !== null) tally.failed.push({ id, ...problem });
  for (const name of Object.keys(tally.counts) as (keyof Counts)[]) tally.counts[name] += counts[name];
  tally.rejects.push(...rejects.slice(0, MOST_REJECTS - tally.rejects.length));
}
