import { JSON_TYPE, type Row } from "./row.ts";

/** An id of nothing. */
export const NOBODY_ID = "00000000-0000-4000-8000-000000000000";

/** The analyst reads; the officer writes. */
export const get =
  (path: string): Row["ask"] =>
  async ({ analyst }) =>
    await analyst.get(path);
export const post =
  (path: string, body: unknown): Row["ask"] =>
  async ({ officer }) =>
    await officer.post(path, body);
export const raw = (
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = JSON_TYPE,
): Row["ask"] => {
  return async ({ officer }) => await officer.raw(path, body, headers);
};
export const send = (method: string, path: string, body?: unknown): Row["ask"] => {
  return async ({ officer }) => await officer.send(method, path, body);
};

/** A good alert rule, and a good advisory, to be spoiled. */
export const rule = { name: "watch", filter: { types: ["indicator"] } };
export const advisory = { title: "t", body: "b", tlp: "green" };
