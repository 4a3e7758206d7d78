import { readFileSync } from "node:fs";
import { type Caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import type { Role } from "../support/platform.ts";

/** What a case plays on: the platform's address, and callers for every member and role. */
export type Scene = {
  readonly url: string;
  key(member: string, role?: Role): string;
  as(member: string, role?: Role): Caller;
  withKey(key: string | undefined): Caller;
  operator(): Caller;
};

export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
}

let last = 0;

/** A host that no other case knows, below a name kept for documentation (RFC 2606). */
export function freshHost(about: string): string {
  last += 1;
  return `${about}-${last}.e2e.example.net`;
}

/** Submits hosts as CSV; resolves when they are released. */
export async function reportHosts(by: Caller, query: string, hosts: readonly string[]): Promise<void> {
  const table = ["value,type", ...hosts.map((host) => `${host},domain`)].join("\n");
  const { body } = await submitAndWait(by, query, table, "text/csv");
  if (body.status !== "done" || body.counts.rejected > 0) throw new Error(JSON.stringify(body));
}

/** The indicator that a caller sees with this text in it; waits for it, and reads each page of the log once. */
export async function itemWith(reader: Caller, text: string, kind = "released"): Promise<any> {
  let after = "0";
  return await until(60_000, `a ${kind} item with ${text}`, async () => {
    for (;;) {
      // Any change of access is a new entry: what was passed over does not become what is looked for.
      const { status, body, text: said } = await reader.get(`/v1/log?after=${after}&limit=1000&wait=1`);
      if (status !== 200) throw new Error(said);
      const found = body.items.find((item: any) => item.kind === kind && mentions(item.object, text));
      if (found !== undefined) return found;
      after = body.next;
      if (body.items.length === 0) return undefined;
    }
  });
}

export function mentions(value: unknown, text: string): boolean {
  return JSON.stringify(value)?.includes(text) ?? false;
}

/** True when nothing that a caller can read by pull holds the text. */
export async function knowsNothingOf(reader: Caller, text: string): Promise<boolean> {
  const log = await wholeLog(reader);
  const objects = await reader.get("/v1/objects?limit=500");
  const found = await reader.get(`/v1/search?q=${encodeURIComponent(text)}`);
  return !mentions(log, text) && !mentions(objects.body, text) && found.body.items.length === 0;
}
