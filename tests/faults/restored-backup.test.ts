import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  leafHash,
  parseCheckpoint,
  parseNote,
  parseReceipt,
  parseWitnessPolicy,
  verifyConsistency,
  verifyReceipt,
} from "@suar/merkle";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { ROOT } from "../support/compose-stack.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** A database that is set back to a backup, really: its files as they were, under a platform that knows better. */
let platform: PlatformProcess;
let api: Caller;
let kept: string;
let before: { cursor: string; receipt: string; size: number; checkpoint: string };

const postgres = () => join(platform.dataDir, "postgres");
const backup = () => join(platform.dataDir, "backup");
const keptPath = () => join(platform.dataDir, "checkpoints", "live.checkpoint");
const sizeIn = (note: string) => Number(note.split("\n")[1]);

beforeAll(async () => {
  platform = await startPlatform({ isFirst: true });
  api = caller(platform.url, platform.key("SG"));
  await submit("kept");
  const item = await entryOf("kept");
  await keptUpTo(item.seq);
  const { text: receipt } = await api.get(`/v1/tlog/receipts/${item.seq}`);
  const { text: checkpoint } = await api.get("/v1/tlog/checkpoint");
  before = { cursor: item.cursor, receipt, checkpoint, size: sizeIn(checkpoint) };
  await platform.stop();
  cpSync(postgres(), backup(), { recursive: true });
  await platform.restart();
  await submit("lost");
  kept = await keptUpTo((await entryOf("lost")).seq);
  await platform.stop();
  rmSync(postgres(), { recursive: true });
  cpSync(backup(), postgres(), { recursive: true });
  await platform.restart();
});
afterAll(async () => {
  await platform.remove();
});

async function submit(name: string): Promise<void> {
  await submitAndWait(api, "?tlp=green", `value\n${name}.restored.example.com\n`, "text/csv");
}

async function entryOf(name: string): Promise<any> {
  return await until(20_000, `the entry of ${name}`, async () =>
    (await wholeLog(api)).find(({ object }) => object.name === `${name}.restored.example.com`),
  );
}

async function keptUpTo(seq: number): Promise<string> {
  return await until(20_000, `a kept checkpoint of ${seq} entries`, async () => {
    const note = existsSync(keptPath()) ? readFileSync(keptPath(), "utf8") : "";
    return sizeIn(note) >= seq ? note : undefined;
  });
}

async function restore(): Promise<{ code: number | null; output: string }> {
  const script = join(ROOT, "services/standalone/src/restore.ts");
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, SUAR_DATA_DIR: platform.dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString("utf8");
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

const troubles = async () => (await caller(platform.url, undefined).get("/readyz")).body.troubles;

describe("a log that was set back", () => {
  test("is read, and nothing is written to it, as the platform's log and /readyz say", async () => {
    await until(30_000, "the trouble", async () => ((await troubles()) === undefined ? undefined : true));
    expect((await troubles())["log:live"]).toMatch(
      /^set back: it ends at \d+, and a checkpoint of \d+ entries was kept$/,
    );
    expect(platform.log()).toMatch(/the log was set back: it ends at/);
    const accepted = await api.raw("/v1/submissions?tlp=green", "value\nwaiting.restored.example.com\n", {
      "content-type": "text/csv",
    });
    expect(accepted.status).toBe(202);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const { body } = await api.get("/v1/log?after=latest");
    expect(body.head).toBeLessThan(sizeIn(kept));
    expect((await wholeLog(api)).some(({ object }) => object.name === "waiting.restored.example.com")).toBe(
      false,
    );
    expect(readFileSync(keptPath(), "utf8")).toBe(kept);
  });

  test("goes on when the operator restores it: in a new epoch, from an entry that commits to what was kept", async () => {
    const { code, output } = await restore();
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("under a new key") });
    const waited = await entryOf("waiting");
    await keptUpTo(waited.seq);
    expect(await troubles()).toBeUndefined();
    expect(waited.cursor.split(".")[0]).not.toBe(before.cursor.split(".")[0]);
    expect((await api.get(`/v1/log?after=${before.cursor}`)).status).toBe(410);
    const { body } = await api.get("/v1/tlog/witness-policy");
    expect(body.logs).toHaveLength(2);
    expect(body.logs[1].continues).toBe(body.logs[0].origin);
    expect(output).toContain(body.logs[1].keys[0]);
    expect(body.logs[1].keys).not.toEqual(body.logs[0].keys);
    const leaves = await leavesUpTo(before.size + 1);
    expect(leaves.at(-1)).toEqual(Buffer.from(leafHash(Buffer.from(`suar restored\n${kept}`))));
  });

  test("continues the tree of what was before, and old receipts hold", async () => {
    const { text } = await api.get("/v1/tlog/checkpoint");
    const [old, now] = [before.checkpoint, text].map((note) => parseCheckpoint(parseNote(note)?.text ?? ""));
    if (old === undefined || now === undefined) throw new Error("no checkpoints");
    const { body } = await api.get(`/v1/tlog/consistency?from=${old.size}&to=${now.size}`);
    const proof = body.proof.map((hash: string) => Buffer.from(hash, "base64"));
    expect(verifyConsistency(old.size, now.size, proof, old.root, now.root)).toBe(true);
    const lost = parseCheckpoint(parseNote(kept)?.text ?? "");
    if (lost === undefined) throw new Error("no checkpoint was kept");
    const other = await api.get(`/v1/tlog/consistency?from=${lost.size}&to=${now.size}`);
    const proven = (other.body.proof ?? []).map((hash: string) => Buffer.from(hash, "base64"));
    expect(verifyConsistency(lost.size, now.size, proven, lost.root, now.root)).toBe(false);

    const file = await api.get("/v1/tlog/witness-policy");
    const policy = parseWitnessPolicy(
      JSON.stringify({ ...file.body, threshold: 0, required: [], atLeast: [] }),
    );
    const fresh = (await api.get(`/v1/tlog/receipts/${(await entryOf("kept")).seq}`)).text;
    const newest = (await api.get(`/v1/tlog/receipts/${(await entryOf("waiting")).seq}`)).text;
    for (const receipt of [before.receipt, fresh, newest]) {
      const read = parseReceipt(receipt);
      if (!read.ok || !policy.ok) throw new Error(receipt);
      expect(verifyReceipt(read.value, { policy: policy.value })).toMatchObject({ ok: true });
    }
  });

  test("is not restored twice", async () => {
    expect(await restore()).toMatchObject({ code: 1, output: expect.stringContaining("Nothing to restore") });
  });

  test("goes on after a restart", async () => {
    await platform.stop();
    await platform.restart();
    await submit("afterwards");
    await keptUpTo((await entryOf("afterwards")).seq);
    expect(await troubles()).toBeUndefined();
  });
});

async function leavesUpTo(size: number): Promise<Buffer[]> {
  const response = await fetch(`${platform.url}/v1/tlog/tile/0/000.p/${size}`, {
    headers: { authorization: `Bearer ${platform.key("SG")}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
}
