/**
 * Client: the TypeScript SDK of Suar. (`command/` is the `suar` command, built on nothing but this.)
 *
 * `SuarClient` makes the contract's calls, typed by their route definitions; `watch()` is the live log as one
 * endless sequence; `verifyWebhook()` is what a receiver needs.
 *
 * Invariants
 * - Only what may be repeated is repeated: reads, and submissions, which carry one Idempotency-Key for all
 *   tries of a call. A file is opened anew for each try and never held in memory.
 * - A watcher hands out no seq twice and none out of order, over any number of drops; where that cannot be
 *   kept (the log was reset) it says so instead of going on.
 * - Everything that goes wrong is a `SuarError` with a stable code.
 * - What a newer platform adds (kinds of items, ops, fields) is ignored, never an error.
 * - Proofs are fetched here and verified offline, by `@suar/merkle` and the member's own policy: nothing that the
 *   platform says of itself is believed. A witness's state is on the disk before its cosignature leaves.
 *
 * It imports the contract (and pure packages), never runtime or services: it runs where they are not.
 */
export { Caller, type CallInput, type ClientOptions, type OpenBody } from "./call.ts";
export { SuarClient } from "./client.ts";
export { type ClientErrorCode, ResetError, SuarError } from "./error.ts";
export type { WatchOptions, WatchState } from "./live/watch.ts";
export { queryOf } from "./resources/log.ts";
export type { SubmitOptions, WaitOptions } from "./resources/submissions.ts";
export type { Source, UploadProgress } from "./upload.ts";
export { verifyWebhook, type WebhookEvent } from "./verify-webhook.ts";
