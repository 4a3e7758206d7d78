import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DEFAULT_QUORUM, type Receipt, tilePath } from "@suar/merkle";
import { LogFixture } from "@suar/merkle/log-fixture";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answers, closeFixture, folder, openFixture, problem, suar } from "./command-fixture.ts";
import { compareCheckpoints, type Evidence } from "./proofs/compare-checkpoints.ts";
import { compareItem } from "./proofs/compare-item.ts";
import type { Finding } from "./proofs/findings.ts";
import { readItems } from "./proofs/item-files.ts";
import { readPolicy } from "./proofs/policy-file.ts";
import { checkReceipt } from "./proofs/receipt-book.ts";
import { reconcileFolders } from "./proofs/reconcile-folders.ts";
import { tileFolder } from "./proofs/tile-folder.ts";

let log: LogFixture;

// Processes of the command are started, on a machine that others may be using.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(async () => {
  await openFixture();
  log = new LogFixture();
  for (let at = 1; at <= 6; at++) log.append({ object: indicator(at), to: ["MY", "SG"] });
  write("witnesses.json", log.policy());
});
afterEach(closeFixture);

const indicator = (at: number) => ({
  spec_version: "2.1",
  type: "indicator",
  id: `indicator--${at}`,
  name: `bad-${at}.example`,
  x_ratio: 0.5,
});
const stub = (at: number) => ({
  type: "indicator",
  id: `indicator--${at}`,
  modified: "2026-05-01T00:00:00.000Z",
});

function write(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/** What a member has: an inbox and receipts of all that went to it. */
function keepAll(checkpoint = log.checkpoint()): void {
  write("inbox/log.ndjson", log.entries.map(({ seq }) => `${log.item(seq)}\n`).join(""));
  for (const { seq } of log.entries) keep(seq, log.receipt(seq, "MY", checkpoint));
}

function keep(seq: number, receipt: Receipt, name = String(seq)): void {
  write(`receipts/${name}.json`, JSON.stringify(receipt));
}

const offline = { SUAR_URL: "http://127.0.0.1:1", SUAR_KEY: "unused" };
const NOW = 1_800_000_000;

/** Through the command itself: with its exit code and its JSON. */
async function verify(...args: string[]): Promise<{ code: number; answer: any }> {
  const { code, stdout } = await suar(["verify", ...args, "--policy", "witnesses.json", "--json"], offline);
  return { code, answer: stdout === "" ? undefined : JSON.parse(stdout) };
}

const policy = () => readPolicy(join(folder, "witnesses.json"));
const found = (findings: readonly Finding[]) =>
  findings.map(({ code, seq }) => `${code} ${seq ?? "-"}`).sort();

async function reconcile(tiles?: string, organisation = "MY"): Promise<string[]> {
  const folders = { inbox: join(folder, "inbox"), receipts: join(folder, "receipts") };
  const more = tiles === undefined ? {} : { tiles: join(folder, tiles) };
  return found(
    (await reconcileFolders({ ...folders, ...more }, { policy: await policy(), organisation, now: NOW }))
      .findings,
  );
}

describe("verify receipt", () => {
  const check = async (text: string) => checkReceipt(text, "file", { policy: await policy(), now: NOW });
  const against = async (item: unknown) => {
    const checked = await check(JSON.stringify(log.receipt(3, "MY")));
    const [kept] = readItems(JSON.stringify(item), "item");
    if (!("verified" in checked) || kept === undefined || "problem" in kept)
      throw new Error("not to be compared");
    return found(compareItem(kept, { ...checked.verified, place: "file", groups: [] }));
  };

  test("holds for what was sent, and says what is shown", async () => {
    keep(3, log.receipt(3, "MY"));
    write("item.json", log.item(3));
    const checked = await verify(
      "receipt",
      "receipts/3.json",
      "--record",
      "item.json",
      "--organisation",
      "MY",
    );
    expect(checked).toMatchObject({
      code: 0,
      answer: {
        ok: true,
        seq: 3,
        recipient: "MY",
        originator: "SG",
        sent: { id: "indicator--3" },
        checkpoint: { size: 6 },
      },
    });
    write("item.json", log.item(3).replace("bad-3", "bad-4"));
    const changed = await suar(
      ["verify", "receipt", "receipts/3.json", "--record", "item.json", "--policy", "witnesses.json"],
      offline,
    );
    expect(changed).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("FAILED changed-item entry 3"),
    });
  });

  test("takes the policy that is kept beside the profiles, and tells what cannot be used from what fails", async () => {
    keep(3, log.receipt(3, "MY"));
    expect(await suar(["verify", "receipt", "receipts/3.json"], offline)).toMatchObject({
      code: 2,
      stdout: "",
    });
    write("config/witnesses.json", log.policy());
    expect(await suar(["verify", "receipt", "receipts/3.json"], offline)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^OK {2}entry 3 of suar.example\/live, released at 2026/),
    });
    expect((await verify("receipt", "absent.json")).code).toBe(2);
  });

  test("fails for each field of the item that is another", async () => {
    const item = JSON.parse(log.item(3));
    const { object } = item;
    expect(await against(item)).toEqual([]);
    const changed = [
      { seq: 4 },
      { at: "2027-01-01T00:00:04.000000Z" },
      { kind: "alert" },
      { tlp: "clear" },
      { producer: "CN" },
      { object: { ...object, name: "good.example" } },
      { object: { ...object, id: "indicator--9" } },
      { object: { ...object, type: "malware" } },
      { object: { ...object, x_ratio: 1 } },
    ];
    for (const each of changed)
      expect(await against({ ...item, ...each }), JSON.stringify(each)).toEqual([
        `changed-item ${"seq" in each ? 4 : 3}`,
      ]);
  });

  test("fails with the receipt's own code", async () => {
    const codeOf = async (receipt: unknown) => {
      const checked = await check(JSON.stringify(receipt));
      return "finding" in checked ? checked.finding.code : "ok";
    };
    expect(await codeOf({ ...log.receipt(3, "MY"), kind: "withdrawn" })).toBe("not-included");
    expect(await codeOf(log.receipt(3, "MY", log.checkpoint(6, ["CN", "SG"])))).toBe("too-few-witnesses");
    expect(await codeOf({})).toBe("unreadable");
    write("witnesses.json", "{}");
    await expect(policy()).rejects.toThrow(/no witness policy/);
    write("witnesses.json", Buffer.of(0xff));
    await expect(policy()).rejects.toThrow(/cannot be read/);
  });
});

describe("verify consistency", () => {
  const given = (place: string) => ({ place, text: readFileSync(join(folder, place), "utf8") });
  const compare = async (evidence?: Evidence) =>
    found((await compareCheckpoints(given("a.txt"), given("b.txt"), await policy(), evidence)).findings);
  const proofOf = (one: LogFixture) => ({ proof: JSON.stringify({ proof: one.consistency(4, 6) }) });
  beforeEach(() => {
    write("a.txt", log.checkpoint(4));
    write("b.txt", log.checkpoint(6));
  });

  test("holds by a proof and by tiles", async () => {
    write("proof.json", proofOf(log).proof);
    const held = await verify("consistency", "a.txt", "b.txt", "--proof", "proof.json");
    expect(held).toMatchObject({ code: 0, answer: { ok: true, earlier: 4, later: 6 } });
    expect((await verify("consistency", "a.txt", "b.txt")).code).toBe(2);
    write(`tiles/${tilePath({ level: 0, n: 0, width: 6 })}`, Buffer.concat(log.leaves));
    expect(await compare({ readTile: tileFolder(join(folder, "tiles")) })).toEqual([]);
    await expect(compare({ readTile: tileFolder(join(folder, "elsewhere")) })).rejects.toThrow(/has no tile/);
    await expect(compare({ proof: "{}" })).rejects.toThrow(/not {"proof"/);
  });

  test("fails for another history, a log that shrank, and too few witnesses", async () => {
    const other = new LogFixture();
    for (let at = 1; at <= 6; at++) other.append({ object: indicator(at * 2), to: ["MY"] });
    write("b.txt", other.checkpoint(6));
    for (const one of [log, other]) expect(await compare(proofOf(one))).toEqual(["other-history -"]);
    write("b.txt", log.checkpoint(3));
    expect(await compare()).toEqual(["other-history -"]);
    write("a.txt", other.checkpoint(3));
    expect(await compare()).toEqual(["other-history -"]);
    write("a.txt", log.checkpoint(4));
    write("b.txt", log.checkpoint(6, ["CN"]));
    expect(await compare(proofOf(log))).toEqual(["too-few-witnesses -"]);
    write("b.txt", log.checkpoint(6).replace("6\n", "7\n"));
    expect(await compare(proofOf(log))).toEqual(["bad-checkpoint -"]);
  });
});

describe("verify reconcile", () => {
  const KEPT = ["--inbox", "inbox", "--receipts", "receipts"];
  beforeEach(() => keepAll());

  test("wants to know for whom: what went to another is no proof", async () => {
    expect(await reconcile(undefined, "SG")).toEqual(
      expect.arrayContaining(["not-a-recipient 1", "no-receipt 1"]),
    );
    expect((await verify("reconcile", ...KEPT)).code).toBe(2);
    const { realm, keyId, expiresAt } = { realm: "live", keyId: "key", expiresAt: "2027-01-01T00:00:00Z" };
    const me = { realm, keyId, expiresAt, member: "SG", roles: ["officer"], personId: null };
    answers["GET /v1/whoami"] = { status: 200, body: { ...me, organisation: "SG" } };
    const { code, stdout } = await suar(["verify", "reconcile", ...KEPT, "--policy", "witnesses.json"]);
    expect([code, stdout]).toEqual([1, expect.stringContaining("not-a-recipient")]);
  });

  test("holds for everything that was sent, whatever form it was kept in", async () => {
    const told = await verify("reconcile", ...KEPT, "--organisation", "MY");
    expect(told).toMatchObject({ code: 0, answer: { ok: true, items: 6, receipts: 6, checkpoints: 1 } });
    const items = [1, 2].map((seq) => JSON.parse(log.item(seq)));
    write("inbox/page.json", JSON.stringify({ items, next: "x", head: 6 }));
    const event = { type: "object.released", timestamp: "2027-01-01T00:00:00Z", data: items[0] };
    write("inbox/event.json", JSON.stringify(event));
    expect(await reconcile()).toEqual([]);
  });

  test("finds a changed item, an item without a receipt, and one that is not readable", async () => {
    const item = JSON.parse(log.item(2));
    write("inbox/log.ndjson", [1, 3, 4, 5, 6].map((seq) => `${log.item(seq)}\n`).join(""));
    write(
      "inbox/more.ndjson",
      `${JSON.stringify({ ...item, object: { ...item.object, name: "x" } })}\n{}\nnonsense\n`,
    );
    rmSync(join(folder, "receipts/5.json"));
    expect(await reconcile()).toEqual(["changed-item 2", "no-receipt 5", "unreadable -", "unreadable -"]);
  });

  test("finds a gap, and what was logged last and not delivered", async () => {
    write("inbox/log.ndjson", [1, 2, 4, 5].map((seq) => `${log.item(seq)}\n`).join(""));
    expect(await reconcile()).toEqual(["gap 3", "no-delivery 6"]);
  });

  test("finds two contents of one number, among items and among receipts", async () => {
    const item = JSON.parse(log.item(2));
    write("inbox/more.json", JSON.stringify({ ...item, object: { ...item.object, name: "x" } }));
    expect(await reconcile()).toEqual(expect.arrayContaining(["two-contents 2", "changed-item 2"]));
    rmSync(join(folder, "inbox/more.json"));
    const forked = new LogFixture();
    for (let at = 1; at <= 7; at++)
      forked.append({ object: indicator(at === 2 ? 22 : at), to: ["MY", "SG"] });
    keep(2, forked.receipt(2, "MY"), "2-again");
    expect(await reconcile()).toEqual(expect.arrayContaining(["two-contents 2", "other-history 2"]));
  });

  test("finds a changed decision beside the receipt that was kept before", async () => {
    const receipt = log.receipt(4, "SG");
    const why = { ...receipt.groups.why, value: '{"decision":"allow"}' };
    keep(4, { ...receipt, groups: { ...receipt.groups, why } } as Receipt, "4-now");
    expect(await reconcile()).toEqual(["changed-decision 4"]);
    const from = { ...receipt.groups.from, value: "{}" };
    keep(4, { ...receipt, groups: { ...receipt.groups, from } } as Receipt, "4-now");
    const { code, answer } = await verify("reconcile", ...KEPT, "--organisation", "MY");
    expect(code).toBe(1);
    expect(answer.findings).toMatchObject([
      { code: "not-included", message: expect.stringMatching(/another: from$/) },
    ]);
  });

  test("finds an entry that stands elsewhere than its number, as after a row was removed", async () => {
    const receipt = { ...log.receipt(5, "MY"), seq: 4 };
    keep(4, receipt, "4-now");
    expect(await reconcile()).toEqual(["wrong-place 4"]);
  });

  test("finds checkpoints of two histories, by what receipts share and by tiles", async () => {
    const forked = new LogFixture();
    for (let at = 1; at <= 9; at++)
      forked.append({ object: indicator(at === 1 ? 11 : at), to: ["MY", "SG"] });
    keep(6, forked.receipt(6, "MY"));
    expect(await reconcile()).toEqual(["other-history 6"]);
    keep(6, log.receipt(6, "MY"));
    write(`tiles/${tilePath({ level: 0, n: 0, width: 6 })}`, Buffer.concat(log.leaves));
    expect(await reconcile("tiles")).toEqual([]);
    write(`tiles/${tilePath({ level: 0, n: 0, width: 6 })}`, Buffer.concat(forked.leaves.slice(0, 6)));
    expect(await reconcile("tiles")).toEqual(["other-history -"]);
  });
});

describe("a withdrawn stub", () => {
  const withdraw = (at: number, more = {}) =>
    log.append({ object: stub(at), kind: "withdrawn", to: ["MY"], ...more });
  const erase = (seq: number, at = seq, more = {}) => {
    const lines = log.entries.map((entry) => {
      const item = JSON.parse(log.item(entry.seq));
      return `${JSON.stringify(entry.seq === seq ? { ...item, ...more, object: stub(at) } : item)}\n`;
    });
    write("inbox/log.ndjson", lines.join(""));
  };

  test("is backed by its producer's receipted withdrawal, beside the body as it first came", async () => {
    withdraw(3);
    keepAll();
    erase(3);
    expect(await reconcile()).toEqual([]);
    write("inbox/before.json", log.item(3));
    expect(await reconcile()).toEqual([]);
    write("inbox/before.json", log.item(3).replace("bad-3", "bad-4"));
    expect(await reconcile()).toContain("changed-item 3");
  });

  test("is what the log tells of as withdrawn, too, and of nothing else", async () => {
    withdraw(3);
    keepAll();
    erase(3, 3, { kind: "withdrawn" });
    expect(await reconcile()).toEqual([]);
    erase(3, 3, { kind: "advisory" });
    expect(await reconcile()).toEqual(["changed-item 3"]);
    write("inbox/log.ndjson", `${JSON.stringify({ ...JSON.parse(log.item(4)), kind: "withdrawn" })}\n`);
    expect(await reconcile()).toContain("changed-item 4");
  });

  test("without one was forged", async () => {
    keepAll();
    erase(3, 3, { kind: "withdrawn" });
    expect(await reconcile()).toEqual(["forged-withdrawal 3"]);
    erase(3);
    expect(await reconcile()).toEqual(["forged-withdrawal 3"]);
    write("inbox/after.json", log.item(3));
    expect(await reconcile()).toEqual(["forged-withdrawal 3"]);
  });

  test("is not backed by another's withdrawal, one of another id, or an earlier one", async () => {
    withdraw(3, { by: "CN" });
    withdraw(4);
    log.append({ object: indicator(4), to: ["MY", "SG"] });
    keepAll();
    erase(3);
    expect(await reconcile()).toEqual(["forged-withdrawal 3"]);
    erase(9, 4);
    expect(await reconcile()).toEqual(["forged-withdrawal 9"]);
  });

  test("nor by a row of the log whose receipt does not verify", async () => {
    withdraw(3);
    keepAll();
    erase(3);
    const receipt = log.receipt(7, "MY");
    keep(7, { ...receipt, groups: { ...receipt.groups, by: log.receipt(7, "MY").groups.why } });
    expect(await reconcile()).toEqual(["forged-withdrawal 3", "no-receipt 7", "not-included 7"]);
  });
});

test("verify fetch writes the receipts that are missing, and the policy that is proposed", async () => {
  keepAll();
  rmSync(join(folder, "receipts"), { recursive: true });
  for (const seq of [1, 2, 3, 4, 5])
    answers[`GET /v1/tlog/receipts/${seq}`] = { status: 200, body: log.receipt(seq, "MY") };
  answers["GET /v1/tlog/receipts/4"] = problem(409, "no-receipt");
  answers["GET /v1/tlog/receipts/6"] = problem(404, "not-found");
  const proposed = { ...DEFAULT_QUORUM, ...JSON.parse(log.policy()) };
  answers["GET /v1/tlog/witness-policy"] = { status: 200, body: proposed };
  const fetch = [
    "verify",
    "fetch",
    "--inbox",
    "inbox",
    "--receipts",
    "receipts",
    "--policy",
    "proposed.json",
    "--json",
  ];
  const first = await suar(fetch);
  expect(first.code).toBe(1);
  expect(JSON.parse(first.stdout)).toMatchObject({
    fetched: 4,
    held: 0,
    findings: [
      { code: "no-receipt", seq: 4, message: expect.stringContaining("409") },
      { code: "no-receipt", seq: 6 },
    ],
  });
  expect(JSON.parse(readFileSync(join(folder, "proposed.json"), "utf8"))).toEqual(proposed);
  for (const seq of [4, 6])
    answers[`GET /v1/tlog/receipts/${seq}`] = { status: 200, body: log.receipt(seq, "MY") };
  const again = await suar(fetch);
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { fetched: 2, held: 4 }]);
  expect(await reconcile()).toEqual([]);
  expect((await suar(["verify", "fetch"])).code).toBe(2);
});
