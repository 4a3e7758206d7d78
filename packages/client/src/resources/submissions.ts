import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  DryRun,
  type RecordOutcome,
  routes,
  type Submission,
  type SubmissionDetail,
  type SubmissionQuery,
} from "@suar/contract";
import type { Caller } from "../call.ts";
import { SuarError } from "../error.ts";
import { pages } from "../pages.ts";
import { bodyOf, type Source, type UploadProgress } from "../upload.ts";

export type SubmitOptions = Partial<Omit<SubmissionQuery, "dryRun">> & {
  /** Made up when absent, and kept for every try of this call. */
  idempotencyKey?: string | undefined;
  onProgress?: ((progress: UploadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
};

export type WaitOptions = {
  onProgress?: ((submission: Submission) => void) | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
};

const FIRST_LOOK_MS = 60;
const LATER_LOOKS_MS = 1_500;

export class Submissions {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Sends a report. When this resolves, Suar holds the bytes; normalization is still to come. */
  submit(source: Source, options: SubmitOptions = {}) {
    return this.#caller.call(routes.submit, request(source, options, "false"));
  }

  /** What would be understood, lost, and received by whom; nothing is stored. */
  dryRun(source: Source, options: SubmitOptions = {}): Promise<DryRun> {
    return this.#caller.call({ ...routes.submit, reply: DryRun }, request(source, options, "true"));
  }

  get(
    id: string,
    page: { after?: string; limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<SubmissionDetail> {
    return this.#caller.call(routes.getSubmission, { params: { id }, query: page, signal });
  }

  list(): AsyncGenerator<Submission> {
    return pages((after) => this.#caller.call(routes.listSubmissions, { query: { after } }));
  }

  /** Every record's outcome, in the order of the input. */
  records(id: string): AsyncGenerator<RecordOutcome> {
    return pages(async (after) => {
      const { records, next } = await this.get(id, { limit: 500, ...(after === undefined ? {} : { after }) });
      return { items: records, next };
    });
  }

  /** Looks until the submission is done or has failed; the answer holds the first page of records. */
  async wait(id: string, { onProgress, signal, timeoutMs }: WaitOptions = {}): Promise<SubmissionDetail> {
    const until = Date.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.6, LATER_LOOKS_MS)) {
      const submission = await this.get(id, { limit: 500 }, signal);
      onProgress?.(submission);
      if (submission.status === "done" || submission.status === "failed") return submission;
      if (Date.now() > until)
        throw new SuarError("timeout", `submission ${id} is still ${submission.status}`);
      await sleep(pause, undefined, signal === undefined ? {} : { signal });
    }
  }
}

function request(source: Source, options: SubmitOptions, dryRun: "true" | "false") {
  const { idempotencyKey, onProgress, signal, noForward, ...query } = options;
  const forward = noForward === undefined ? {} : ({ noForward: noForward ? "true" : "false" } as const);
  return {
    query: { ...query, ...forward, dryRun },
    // The key is made once per call, not per try: that is what makes the tries one submission.
    headers: { "idempotency-key": idempotencyKey ?? randomUUID() },
    raw: bodyOf(source, onProgress),
    signal,
  } as const;
}
