import {
  formatVerifierKey,
  parseCheckpoint,
  parseNote,
  parseReceipt,
  parseVerifierKey,
  parseWitnessPolicy,
  type Receipt,
  rootOfLeaves,
  SIGNATURE_TYPE,
  type SignerKey,
  signerKey,
  verifyConsistency,
  verifyNote,
  verifyReceipt,
  type WitnessPolicy,
} from "@suar/merkle";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { checkpointLags } from "../support/checkpoint-lags.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import {
  cosign,
  cosigned,
  newWitness,
  proofOf,
  QUORUM,
  registerWitness,
  sizeOf,
  type TestWitness,
  witnessUpTo,
} from "../support/witnesses.ts";

/** Proofs as members ask for them and check them: nothing is believed that the platform says of itself. */
let platform: PlatformProcess;
let sg: Caller;
let my: Caller;
let witnesses: TestWitness[];
let policy: WitnessPolicy;
let items: any[];
/** Asked for, asked for when the log had grown, and the newest then. */
let gathering: [string, string, string];

const LINES = 700;
const GROWS_FOR_MS = 6_000;
/** Times are the database's own, of one clock: what is between reading it and writing. */
const CLOCK_MS = 100;

beforeAll(async () => {
  platform = await startPlatform();
  sg = caller(platform.url, platform.key("SG"));
  my = caller(platform.url, platform.key("MY"));
  witnesses = QUORUM.map((member) => newWitness(platform, member));
  for (const witness of witnesses) expect((await registerWitness(platform, witness)).status).toBe(200);
  const table = Array.from({ length: LINES }, (_, n) => `host${n}.proof.example.com`).join("\n");
  await submitAndWait(sg, "?tlp=green", `value\n${table}\n`, "text/csv");
  await submitAndWait(sg, "?tlp=amber%2Bstrict&to=MY", "value\nsecret.proof.example.com\n", "text/csv");
  items = await wholeLog(sg);
  const at = async (which: string): Promise<string> => (await sg.get(`/v1/tlog/checkpoint${which}`)).text;
  const asked = await until(30_000, "a checkpoint for witnesses", async () => {
    const { status, text } = await sg.get("/v1/tlog/checkpoint?for=witness");
    return status === 200 ? text : undefined;
  });
  await submitAndWait(sg, "?tlp=green", "value\nmeanwhile.proof.example.com\n", "text/csv");
  await until(20_000, "a newer one", async () => (sizeOf(await at("")) > items.length ? true : undefined));
  gathering = [asked, await at("?for=witness"), await at("")];
  await witnessUpTo(witnesses, items.at(-1).seq);
  const read = parseWitnessPolicy((await sg.get("/v1/tlog/witness-policy")).text);
  if (!read.ok) throw new Error(`${read.at} ${read.message}`);
  policy = read.value;
});
afterAll(async () => {
  await platform.remove();
});

async function receiptOf(api: Caller, seq: number): Promise<Receipt> {
  const answer = await api.get(`/v1/tlog/receipts/${seq}`);
  expect(answer.status, answer.text).toBe(200);
  const read = parseReceipt(answer.text);
  if (!read.ok) throw new Error(`${read.at}: ${read.message}`);
  return read.value;
}

const openGroups = ({ groups }: Receipt) =>
  Object.entries(groups).flatMap(([name, group]) => ("value" in group ? [name] : []));

async function tile(path: string): Promise<{ status: number; hashes: Buffer[]; caching: string }> {
  const response = await fetch(`${platform.url}/v1/tlog/tile/${path}`, {
    headers: { authorization: `Bearer ${platform.key("SG")}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const hashes = Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
  return { status: response.status, hashes, caching: response.headers.get("cache-control") ?? "" };
}

describe("checkpoints", () => {
  test("are signed by the log's key, and cosigned by the members whose lines stand there", async () => {
    const { text, headers } = await my.get("/v1/tlog/checkpoint?witnessed=true");
    const note = parseNote(text);
    const key = parseVerifierKey((await my.get("/v1/tlog/key")).text.trim());
    if (note === undefined || key === undefined) throw new Error(text);
    expect(headers.get("content-type")).toMatch(/^text\/plain/);
    const verified = verifyNote(note, [key, ...witnesses.map((one) => one.key.verifier)]);
    expect(verified.ok && verified.signed.length).toBe(1 + QUORUM.length);
    // What is late for others may have come after it.
    expect(parseCheckpoint(note.text)?.size).toBeGreaterThanOrEqual(items.at(-1).seq);
  });

  test("have the root of the leaves that the tiles tell", async () => {
    const { text } = await sg.get("/v1/tlog/checkpoint");
    const size = sizeOf(text);
    const rest = size % 256;
    const full = await Promise.all(Array.from({ length: (size - rest) / 256 }, (_, n) => tile(`0/00${n}`)));
    const last = await tile(`0/00${full.length}.p/${rest}`);
    expect(full.map(({ caching }) => caching)).toEqual(full.map(() => expect.stringContaining("immutable")));
    expect(last.caching).not.toContain("immutable");
    const leaves = [...full, last].flatMap(({ hashes }) => hashes);
    expect(leaves).toHaveLength(size);
    const root = parseCheckpoint(parseNote(text)?.text ?? "")?.root;
    expect(Buffer.from(rootOfLeaves(leaves))).toEqual(Buffer.from(root ?? []));
    const above = await tile(`1/000.p/${full.length}`);
    expect(above.hashes).toEqual(full.map(({ hashes }) => Buffer.from(rootOfLeaves(hashes))));
  });

  test("come at most five seconds after the oldest entry that they are the first to cover, while the log grows", async () => {
    const from = (await sg.get("/v1/log?after=latest&limit=1")).body.head;
    const end = Date.now() + GROWS_FOR_MS;
    for (let n = 0; Date.now() < end; n += 1)
      await submitAndWait(sg, "?tlp=green", `value\ngrows${n}.proof.example.com\n`, "text/csv");
    const { head } = (await sg.get("/v1/log?after=latest&limit=1")).body;
    await until(60_000, "a checkpoint of all of it", async () =>
      sizeOf((await sg.get("/v1/tlog/checkpoint")).text) >= head ? true : undefined,
    );
    const lags = await checkpointLags(platform, from);
    expect(lags.length).toBeGreaterThan(1);
    expect(Math.max(...lags)).toBeLessThanOrEqual(5_000 + CLOCK_MS);
  });

  test("continue one another", async () => {
    const before = (await sg.get("/v1/tlog/checkpoint")).text;
    await submitAndWait(sg, "?tlp=green", "value\nlater.proof.example.com\n", "text/csv");
    const after = await until(60_000, "the next checkpoint", async () => {
      const { text } = await sg.get("/v1/tlog/checkpoint");
      return sizeOf(text) > sizeOf(before) ? text : undefined;
    });
    const { body } = await my.get(`/v1/tlog/consistency?from=${sizeOf(before)}&to=${sizeOf(after)}`);
    const proof = body.proof.map((hash: string) => Buffer.from(hash, "base64"));
    const [old, now] = [before, after].map((text) => parseCheckpoint(parseNote(text)?.text ?? ""));
    if (old === undefined || now === undefined) throw new Error("no checkpoints");
    expect(verifyConsistency(old.size, now.size, proof, old.root, now.root)).toBe(true);
    expect(verifyConsistency(old.size, now.size, proof, now.root, now.root)).toBe(false);
  });

  test("that witnesses are asked for stay the same while they gather, and the log grows", () => {
    const [asked, askedLater, newest] = gathering;
    expect(askedLater).toBe(asked);
    expect(sizeOf(newest)).toBeGreaterThan(sizeOf(asked));
  });
});

describe("receipts", () => {
  test("show a receiver what it got, from whom, and that it was meant to", async () => {
    const got = (await wholeLog(my)).find(({ object }) => object.name === "secret.proof.example.com");
    const receipt = await receiptOf(my, got.seq);
    expect(openGroups(receipt).sort()).toEqual(["by", "sent", "to", "why"]);
    const body = JSON.stringify(got.object);
    const verified = verifyReceipt(receipt, { policy, body, organisation: "MY" });
    expect(verified).toMatchObject({
      ok: true,
      receipt: { originator: "SG", recipient: "MY", sent: { id: got.object.id, tlp: "amber+strict" } },
    });
    expect(verifyReceipt(receipt, { policy, body: `${body} ` })).toMatchObject({ code: "other-body" });
    expect(verifyReceipt(receipt, { policy, organisation: "TH" })).toMatchObject({ code: "not-a-recipient" });
  });

  test("open everything to the originator", async () => {
    const sent = items.find(({ object }) => object.name === "secret.proof.example.com");
    const receipt = await receiptOf(sg, sent.seq);
    expect(openGroups(receipt).sort()).toEqual(["by", "from", "rules", "sent", "to", "why"]);
    const verified = verifyReceipt(receipt, {
      policy,
      body: JSON.stringify(sent.object),
      organisation: "SG",
    });
    if (!verified.ok) throw new Error(verified.message);
    const { from } = verified.receipt.values;
    expect(JSON.parse(from ?? "")).toMatchObject({
      id: sent.object.id,
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("are there for every entry of a log, whatever its place in the tree", async () => {
    for (const { seq, object } of items.filter((_, at) => at % 67 === 0 || at % 256 > 253)) {
      const verified = verifyReceipt(await receiptOf(my, seq), { policy, body: JSON.stringify(object) });
      expect(verified, String(seq)).toMatchObject({ ok: true });
    }
  });

  test("of entries that were not addressed to the caller do not exist, as those of no entry", async () => {
    const th = caller(platform.url, platform.key("TH"));
    const hidden = items.find(({ object }) => object.name === "secret.proof.example.com");
    const [foreign, none] = [
      await th.get(`/v1/tlog/receipts/${hidden.seq}`),
      await th.get("/v1/tlog/receipts/999999"),
    ];
    const plain = ({ body }: typeof none) => ({ ...body, requestId: undefined });
    expect(foreign.status).toBe(404);
    expect(plain(foreign)).toEqual(plain(none));
  });

  test("of a withdrawal commit to the stub, and those of what was withdrawn can still be had", async () => {
    await submitAndWait(sg, "?tlp=green&to=MY", "value\ntaken-back.proof.example.com\n", "text/csv");
    const find = async () =>
      (await wholeLog(my)).filter(({ object }) => object.name === "taken-back.proof.example.com");
    const [before] = await find();
    const body = JSON.stringify(before.object);
    expect((await sg.post(`/v1/objects/${before.object.id}/withdraw`, {})).status).toBe(200);
    const stub = await until(30_000, "the withdrawal", async () =>
      (await wholeLog(my)).findLast(({ seq, object }) => seq > before.seq && object.id === before.object.id),
    );
    const size = stub.seq;
    await witnessUpTo(witnesses, size);
    const withdrawn = verifyReceipt(await receiptOf(my, stub.seq), {
      policy,
      body: JSON.stringify(stub.object),
    });
    expect(withdrawn).toMatchObject({ ok: true, receipt: { head: { kind: "withdrawn" } } });
    expect(verifyReceipt(await receiptOf(my, before.seq), { policy, body })).toMatchObject({ ok: true });
  });
});

describe("witnesses", () => {
  test("cosign the checkpoint that is asked for, with their own member's key, and nothing else", async () => {
    const [cn, other] = witnesses as [TestWitness, TestWitness];
    const known = (await cn.api.get("/v1/tlog/checkpoint?for=witness")).text;
    const text = known.split("\n").slice(0, 5).join("\n").concat("\n"); // with the log's line alone
    const post = async (checkpoint: string, by = cn) =>
      (await by.api.post("/v1/tlog/cosignatures", { checkpoint })).body.code;
    expect(await post("no note")).toBe("bad-cosignature");
    expect(await post(text.split("\n\n")[0] ?? "")).toBe("bad-cosignature");
    expect(await post(cosigned(text, cn), other)).toBe("bad-cosignature");
    expect(await post(cosigned(text, cn, Math.floor(Date.now() / 1000) + 900))).toBe("bad-cosignature");
    const forged = text.replace(/\n\d+\n/, `\n${sizeOf(text) + 1}\n`);
    expect(await post(cosigned(forged, cn))).toBe("unknown-checkpoint");
    const brunei = newWitness(platform, "BN");
    expect(await post(cosigned(text, brunei), brunei)).toBe("bad-cosignature");
    expect((await cosign(cn)).status).toBe(200);
  });

  test("are registered by their own member's officer, one key at a time, and no key twice", async () => {
    const la = newWitness(platform, "LA");
    const put = async (
      member: string,
      vkey: string,
      proof: string,
      role: "officer" | "analyst" = "officer",
    ) =>
      await caller(platform.url, platform.key(member, role)).send("PUT", "/v1/witnesses/own", {
        vkey,
        proof,
      });
    const register = async (member: string, key: SignerKey) =>
      await put(member, formatVerifierKey(key.verifier), proofOf(key, member));
    const forLaos = proofOf(la.key, "LA");
    expect((await put("LA", la.vkey, forLaos, "analyst")).status).toBe(403);
    const logKey = (await sg.get("/v1/tlog/key")).text.trim();
    expect((await put("LA", logKey, forLaos)).body.code).toBe("bad-witness-key");
    // Whoever has seen a key and its proof has not got the key.
    expect((await put("KH", la.vkey, forLaos)).body.code).toBe("bad-witness-key");
    expect((await register("LA", la.key)).status).toBe(200);
    expect((await register("KH", la.key)).body.code).toBe("conflict");
    expect((await register("KH", renamed(la, "kh.witness.example"))).body.code).toBe("conflict");
    const next = newWitness(platform, "LA");
    expect((await register("LA", next.key)).body.vkey).toBe(next.vkey);
    const listed = (await sg.get("/v1/witnesses")).body.items.filter(
      ({ member }: { member: string }) => member === "LA",
    );
    expect(
      listed.map((one: { vkey: string; revokedAt: unknown }) => [one.vkey, one.revokedAt === null]),
    ).toEqual([
      [la.vkey, false],
      [next.vkey, true],
    ]);
    const officer = caller(platform.url, platform.key("LA", "officer"));
    expect((await officer.send("DELETE", "/v1/witnesses/own")).status).toBe(200);
    expect((await officer.send("DELETE", "/v1/witnesses/own")).status).toBe(404);
    expect((await sg.get("/v1/tlog/witness-policy")).body.witnesses).not.toHaveProperty("LA");
  });
});

/** The same key under another name. */
function renamed({ key }: TestWitness, name: string): SignerKey {
  return signerKey(name, SIGNATURE_TYPE.cosignature, key.seed);
}
