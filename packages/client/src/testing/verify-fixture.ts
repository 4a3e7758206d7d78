import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Receipt } from "@suar/merkle";
import { LogFixture } from "@suar/merkle/testing/log-fixture";
import type { Finding } from "../command/proofs/findings.ts";
import { reconcileFolders } from "../command/proofs/reconcile-folders.ts";
import { readPolicy } from "../command/proofs/witness-policy-file.ts";
import { folder, openFixture, suar } from "./command-fixture.ts";

/** A log of six entries that went to two members, and what one of them keeps of it. */
export let log: LogFixture;

export async function openLog(): Promise<void> {
  await openFixture();
  log = new LogFixture();
  for (let at = 1; at <= 6; at++) log.append({ object: indicator(at), to: ["MY", "SG"] });
  write("witnesses.json", log.policy());
}

export const indicator = (at: number) => ({
  spec_version: "2.1",
  type: "indicator",
  id: `indicator--${at}`,
  name: `bad-${at}.example`,
  x_ratio: 0.5,
});
export const stub = (at: number) => ({
  type: "indicator",
  id: `indicator--${at}`,
  modified: "2026-05-01T00:00:00.000Z",
});

export function write(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/** What a member has: an inbox and receipts of all that went to it. */
export function keepAll(checkpoint = log.checkpoint()): void {
  write("inbox/log.ndjson", log.entries.map(({ seq }) => `${log.item(seq)}\n`).join(""));
  for (const { seq } of log.entries) keep(seq, log.receipt(seq, "MY", checkpoint));
}

export function keep(seq: number, receipt: Receipt, name = String(seq)): void {
  write(`receipts/${name}.json`, JSON.stringify(receipt));
}

export const offline = { SUAR_URL: "http://127.0.0.1:1", SUAR_KEY: "unused" };
export const NOW = 1_800_000_000;

/** Through the command itself: with its exit code and its JSON. */
export async function verify(
  ...args: string[]
): Promise<{ code: number; answer: ReturnType<typeof JSON.parse> }> {
  const { code, stdout } = await suar(["verify", ...args, "--policy", "witnesses.json", "--json"], offline);
  return { code, answer: stdout === "" ? undefined : JSON.parse(stdout) };
}

export const policy = () => readPolicy(join(folder, "witnesses.json"));
export const found = (findings: readonly Finding[]) =>
  findings.map(({ code, seq }) => `${code} ${seq ?? "-"}`).sort();

export async function reconcile(tiles?: string, organisation = "MY"): Promise<string[]> {
  const folders = { inbox: join(folder, "inbox"), receipts: join(folder, "receipts") };
  const more = tiles === undefined ? {} : { tiles: join(folder, tiles) };
  const options = { policy: await policy(), organisation, now: NOW };
  return found((await reconcileFolders({ ...folders, ...more }, options)).findings);
}
