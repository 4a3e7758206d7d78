import { expect, test } from "vitest";
import { completeStatus, pendingStatus } from "./submission-status.ts";

const ROW = {
  id: "8f4ad1de-4e6f-4e38-8b3c-7e9f2c1b0a55",
  objects: 3,
  received_at: new Date("2026-05-01T10:00:00.123Z"),
  accepted: 0,
  merged: 0,
  unchanged: 0,
  rejected: 0,
  problem: null,
};
const AT = "2026-05-01T10:00:00.123000Z";
const POSTED = [
  { id: "campaign--1", modified: "2026-01-02T00:00:00Z", created: "2026-01-01T00:00:00Z" },
  { id: "marking-definition--2", created: "2026-01-01T00:00:00Z" },
  { id: "ipv4-addr--3" },
];

test("while it is under way it tells how many objects are through", () => {
  expect(pendingStatus({ ...ROW, accepted: 1, rejected: 1 })).toEqual({
    id: ROW.id,
    status: "pending",
    request_timestamp: AT,
    total_count: 3,
    success_count: 1,
    failure_count: 1,
    pending_count: 1,
  });
});

test("counts never sum up to more than was posted: records that objects make of themselves are none of them", () => {
  const status = pendingStatus({ ...ROW, accepted: 9, merged: 4, rejected: 2 });
  expect(status).toMatchObject({ success_count: 1, failure_count: 2, pending_count: 0 });
});

test("at its end each object stands on its own line, with the version that it was posted in", () => {
  const status = completeStatus(ROW, POSTED, [
    { index: 0, at: "/objects/0", outcome: "merged", ids: [] },
    { index: 1, at: "/objects/2", outcome: "rejected", code: "bad-object", reason: "no value", ids: [] },
  ]);
  expect(status).toMatchObject({ status: "complete", success_count: 2, failure_count: 1, pending_count: 0 });
  expect(status.successes).toEqual([
    { id: "campaign--1", version: "2026-01-02T00:00:00Z", message: "merged" },
    { id: "marking-definition--2", version: "2026-01-01T00:00:00Z" },
  ]);
  expect(status.failures).toEqual([{ id: "ipv4-addr--3", version: AT, message: "bad-object: no value" }]);
});

test("one that failed as a whole failed in each object, and says why", () => {
  const status = completeStatus({ ...ROW, problem: { detail: "unmarked" } }, POSTED, []);
  expect(status).toMatchObject({ success_count: 0, failure_count: 3 });
  expect(status.successes).toBeUndefined();
  expect(status.failures).toMatchObject([
    { message: "unmarked" },
    { message: "unmarked" },
    { message: "unmarked" },
  ]);
});
