import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wordCommitment } from "@suar/merkle";
import { LogFixture } from "@suar/merkle/testing/log-fixture";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeFixture, folder, openFixture, suar } from "../../testing/command-fixture.ts";
import { backWords } from "../proofs/back-words.ts";
import { compareWords } from "../proofs/compare-words.ts";
import type { Finding } from "../proofs/findings.ts";
import { readReceipts } from "../proofs/reconcile-folders.ts";
import { readPolicy } from "../proofs/witness-policy-file.ts";
import { readWords } from "../proofs/word-files.ts";

beforeEach(openFixture);
afterEach(closeFixture);

const at = "2027-01-01T00:00:00.000Z";
const due = "2027-01-02T00:00:00.000Z";
const later = "2027-01-03T00:00:00.000Z";
const [request, recalled, agreed] = [1, 2, 3].map((n) => `5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e70${n}`);
const word = { statement: `{"approval":"${request}"}`, salt: Buffer.alloc(32, 1).toString("base64") };
const shown = Buffer.from(
  wordCommitment({ statement: word.statement, salt: new Uint8Array(32).fill(1) }),
).toString("base64");

const approval = {
  id: request,
  state: "approved",
  producer: "SG",
  object: { id: "incident--1", type: "incident", version: at },
  organisations: ["MY"],
  asked: [{ approver: "SG:officer", needed: 1, given: 1 }],
  fourEyes: false,
  reasons: [],
  obligations: [],
  askedAt: at,
  deadline: due,
  approvals: [{ approver: "SG:officer", at, by: "person:1", word }],
  settledAt: at,
  refusal: null,
  lapsed: null,
  askedAnew: [],
};
const recall = {
  id: recalled,
  producer: "SG",
  objects: ["indicator--1"],
  withdrawnAt: at,
  dueAt: due,
  state: "acknowledged",
  acknowledgedAt: at,
};
const agreement = {
  id: agreed,
  kind: "mou",
  state: "in-force",
  members: ["SG", "MY"],
  title: "between us",
  reference: null,
  hash: "5".repeat(64),
  begins: "2027-01-01",
  ends: null,
  acceptedAt: at,
  endedBy: null,
  endedAt: null,
};
const saidOfIt = {
  version: at,
  named: ["MY", "TH"],
  community: false,
  isVictims: true,
  limits: { expires: due, releasableTo: ["MY", "TH"] },
};
const marking = {
  ...{ id: "indicator--9", tlp: "amber", pap: null, to: ["MY", "TH"] },
  versions: [saidOfIt],
};

function write(name: string, ...documents: object[]): void {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, documents.map((one) => `${JSON.stringify(one)}\n`).join(""));
}

/** A release on an approval's word, and a withdrawal that names its recall. */
function keepReceipts(named = shown, by = recall, isLost = false): void {
  const log = new LogFixture();
  const object = { type: "indicator", id: "indicator--1" };
  const { id, withdrawnAt, dueAt } = by;
  const approvals = [{ approver: "SG:officer", word: named }];
  log.append({ object, to: ["MY", "SG"], why: JSON.stringify({ approvals }) });
  const why = JSON.stringify({ cause: "recall", recall: { id, withdrawnAt, dueAt } });
  log.append({ object, to: ["MY", "SG"], kind: "withdrawn", why });
  if (isLost)
    log.append({
      ...{ object, to: ["MY", "SG"], kind: "withdrawn" },
      why: JSON.stringify({ cause: "decided-anew", policyHash: "0" }),
    });
  write("witnesses.json", JSON.parse(log.policy()));
  for (const seq of log.entries.map((entry) => entry.seq))
    write(`receipts/${seq}.json`, log.receipt(seq, "MY"));
}

async function found(member: string): Promise<string[]> {
  const policy = await readPolicy(join(folder, "witnesses.json"));
  const book = await readReceipts(join(folder, "receipts"), { policy, now: 1_800_000_000 });
  const said = (await readWords(join(folder, "said"))).words;
  const told = (await readWords(join(folder, "told"))).words;
  const both = { said, told, member };
  return codes([...book.findings, ...compareWords(both), ...backWords(book.all(), both)]);
}
const codes = (findings: readonly Finding[]) => findings.map(({ code, seq }) => `${code} ${seq ?? "-"}`);

const all = [approval, recall, agreement, marking];

function keep(said: object[], told: object[]): void {
  keepReceipts();
  write("said/words.ndjson", ...said);
  write("told/words.ndjson", ...told);
}

describe("words that are told as they were said", () => {
  test("hold, on either side", async () => {
    keep(all, [approval, recall, agreement, { ...marking, to: ["TH", "MY"] }]);
    expect(await found("SG")).toEqual([]);
    expect(await found("MY")).toEqual([]);
  });

  test("hold through the command itself, whose exit code tells", async () => {
    keep(all, all);
    const folders = ["--said", "said", "--told", "told", "--receipts", "receipts"];
    const args = ["verify", "words", "--member", "SG", ...folders, "--policy", "witnesses.json", "--json"];
    const { code, stdout } = await suar(args, { SUAR_URL: "http://127.0.0.1:1", SUAR_KEY: "unused" });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { ok: true, findings: [], said: 4, told: 4, receipts: 2 },
    ]);
    write("told/words.ndjson", ...all.slice(1));
    expect((await suar(args)).code).toBe(1);
    expect((await suar(args.with(3, "Singapore"))).code).toBe(2);
  });

  test("may have gone on since", async () => {
    const waits = { ...approval, state: "pending", settledAt: null, approvals: [] };
    const open = { ...recall, acknowledgedAt: null, state: "open" };
    const first = { ...saidOfIt, named: null, isVictims: false, limits: { expires: later } };
    const { versions: _, ...before } = marking;
    const earlier = [
      waits,
      open,
      { ...agreement, acceptedAt: null },
      before,
      { ...marking, versions: [first] },
    ];
    const more = { ...saidOfIt, named: ["MY", "TH", "VN"], community: true };
    const newest = { ...marking, versions: [{ ...saidOfIt, version: later }, more] };
    keep([...earlier, approval, recall, agreement], [...all.slice(0, -1), newest]);
    expect(await found("MY")).toEqual([]);
  });
});

describe("a change of what was said is found", () => {
  test.each<[string, object, object]>([
    ["who is to receive it", approval, { organisations: ["MY", "TH"] }],
    ["who had to agree", approval, { asked: [{ approver: "SG:officer", needed: 2, given: 1 }] }],
    ["how it ended", approval, { state: "refused" }],
    ["a word of it", approval, { approvals: [{ approver: "SG:officer", at, by: "person:2", word: null }] }],
    ["a recall's producer", recall, { producer: "TH" }],
    ["a recall's objects", recall, { objects: [] }],
    ["an acknowledgement", recall, { acknowledgedAt: later }],
    ["an acknowledgement that is gone", recall, { acknowledgedAt: null }],
    ["the end of an agreement", agreement, { ends: "2028-01-01" }],
    ["an acceptance", agreement, { acceptedAt: later }],
    ["a marking", marking, { tlp: "green" }],
    ["whom it is for", marking, { to: "community" }],
    ["what was asked", approval, { reasons: [{ code: "named", rule: "named", source: "TLP", paths: [] }] }],
    ["what is undertaken", approval, { obligations: ["delete-after-use"] }],
    ["that it is a victim's", marking, { versions: [{ ...saidOfIt, isVictims: false }] }],
    ["whom it was said to", marking, { versions: [{ ...saidOfIt, named: ["MY"] }] }],
    ["its limits", marking, { versions: [{ ...saidOfIt, limits: { expires: due } }] }],
    ["a later end", marking, { versions: [{ ...saidOfIt, limits: { ...saidOfIt.limits, expires: later } }] }],
    ["a version that is gone", marking, { versions: [] }],
  ])("%s", async (_what, one, change) => {
    keep(
      all,
      all.map((each) => (each === one ? { ...each, ...change } : each)),
    );
    expect(await found("MY")).toContain("changed-word -");
  });

  test.each(all)("one that is gone: %o", async (one) => {
    keep(
      all,
      all.filter((each) => each !== one),
    );
    expect(await found("MY")).toContain("lost-word -");
  });
});

describe("what was taken back", () => {
  const gone = { ...recall, objects: [marking.id] };
  const others = all.filter((one) => one !== marking && one !== recall);
  const said = [...others, gone, marking];

  test("has no marking, and that is no word that is lost", async () => {
    keep(said, [...others, gone]);
    expect(await found("SG")).not.toContain("lost-word -");
    // It was another's to take back.
    expect(await found("MY")).toContain("lost-word -");
  });

  test("and was stated again, has the marking that it had", async () => {
    const again = { ...saidOfIt, version: later };
    keep(said, [...others, gone, { ...marking, versions: [again, saidOfIt] }]);
    expect(await found("SG")).not.toContain("changed-word -");
    keep(said, [...others, gone, { ...marking, tlp: "green", versions: [again, saidOfIt] }]);
    expect(await found("SG")).toContain("changed-word -");
  });
});

describe("a word that nobody gave is found", () => {
  const without = (one: object) => all.filter((each) => each !== one);

  test("in a request", async () => {
    keep(without(approval), all);
    expect(await found("SG")).toEqual(["forged-word -", "forged-word 1"]);
  });

  test("in a release, also where the platform tells of none", async () => {
    keep(without(approval), without(approval));
    expect(await found("SG")).toEqual(["forged-word 1"]);
    // Whose officers are not named cannot know.
    expect(await found("MY")).toEqual([]);
  });

  test("in an acknowledgement", async () => {
    keep([{ ...recall, acknowledgedAt: null, state: "open" }, ...without(recall)], all);
    expect(await found("MY")).toEqual(["forged-word -"]);
  });

  test("in an agreement, its acceptance and its end", async () => {
    keep(without(agreement), all);
    expect(await found("SG")).toEqual(["forged-word -"]);
    keep([{ ...agreement, acceptedAt: null }, ...without(agreement)], all);
    expect(await found("MY")).toEqual(["forged-word -"]);
    keep(all, [...without(agreement), { ...agreement, endedBy: "MY", endedAt: at }]);
    expect(await found("MY")).toEqual(["forged-word -"]);
    expect(await found("SG")).toEqual([]);
  });
});

test("what went out under a weaker marking than was said last is found by its originator", async () => {
  const stated = { ...marking, id: "indicator--1" };
  const others = all.filter((one) => one !== marking);
  keep([...others, { ...stated, tlp: "clear" }, stated], [...others, stated]);
  const log = new LogFixture();
  log.append({ object: { type: "indicator", id: "indicator--1" } });
  write("witnesses.json", JSON.parse(log.policy()));
  rmSync(join(folder, "receipts"), { recursive: true });
  write("receipts/1.json", log.receipt(1, "SG"));
  const ofOwn = async () => (await found("SG")).filter((one) => one.startsWith("weaker"));
  expect(await ofOwn()).toEqual(["weaker-marking 1"]);
  write("said/words.ndjson", ...others, stated, { ...stated, tlp: "clear" });
  expect(await ofOwn()).toEqual([]);
});

describe("a recall", () => {
  test("that no withdrawal names is found, with other times too", async () => {
    keep(all, [...all, { ...recall, id: agreed, acknowledgedAt: null }]);
    expect(await found("MY")).toEqual(["forged-recall -"]);
    keep(all, all);
    keepReceipts(shown, { ...recall, dueAt: at });
    expect(await found("MY")).toEqual(["forged-recall -"]);
    // That it was lost before is no word of a recall.
    keepReceipts(shown, { ...recall, dueAt: at }, true);
    expect(await found("MY")).toEqual(["forged-recall -"]);
  });

  test("that a withdrawal names and nobody is told of is found", async () => {
    const others = all.filter((one) => one !== recall);
    keep(others, others);
    expect(await found("MY")).toEqual(["lost-word 2"]);
  });
});
