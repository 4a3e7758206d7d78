import type { ProblemCode } from "@suar/contract";
import { PROBLEMS } from "@suar/contract";
import { expect } from "vitest";
import type { Answer, Caller } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";

/** Who asks. One platform serves all rows; what a row needs before it asks, it makes itself. */
export type Stage = {
  platform: PlatformProcess;
  nobody: Caller;
  operator: Caller;
  analyst: Caller;
  subscriber: Caller;
  officer: Caller;
  coordinator: Caller;
};

/** One bad request: what is sent, and the code of the problem that answers it (the code decides the status). */
export type Row = {
  it: string;
  ask(stage: Stage): Promise<Answer>;
  code: ProblemCode;
  /** What its detail names. */
  tells?: string;
};

/** Sizes that the platform under test is told by its environment: small, so that going over them is quick. */
export const LIMITS = { document: 128 * 1024, submission: 4 * 1024 * 1024 };

export function expectProblem(answer: Answer, code: ProblemCode): void {
  expect({ status: answer.status, code: answer.body?.code }, answer.text.slice(0, 400)).toEqual({
    status: PROBLEMS[code].status,
    code,
  });
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json(;|$)/);
  // RFC 9457 §3.1: what every problem document of ours has.
  expect(answer.body).toMatchObject({
    type: `/problems/${code}`,
    title: PROBLEMS[code].title,
    status: answer.status,
  });
}

export const JSON_TYPE = { "content-type": "application/json" };
export const CSV_TYPE = { "content-type": "text/csv" };
export const TEXT_TYPE = { "content-type": "text/plain" };

export function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
