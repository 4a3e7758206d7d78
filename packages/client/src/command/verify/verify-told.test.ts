import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeFixture, folder } from "../../testing/command-fixture.ts";
import {
  found,
  indicator,
  keep,
  keepAll,
  log,
  NOW,
  openLog,
  policy,
  stub,
  verify,
  write,
} from "../../testing/verify-fixture.ts";
import { reconcileFolders } from "../proofs/reconcile-folders.ts";

beforeEach(async () => {
  await openLog();
  keepAll();
});
afterEach(closeFixture);

const NAMES = ["inbox", "receipts", "told", "kept"];
const FOLDERS = NAMES.flatMap((name) => [`--${name}`, name]);
const after = (seq: number, seconds: number) =>
  new Date(Date.parse(log.entries[seq - 1]?.loggedAt ?? "") + seconds * 1_000).toISOString();
const delivery = (seq: number, first = 1, last = first) => ({
  seq,
  delivered: [{ channel: "pull", first: after(seq, first), last: after(seq, last) }],
});
type Delivery = ReturnType<typeof delivery>;

function tell(name: string, ...documents: object[]): void {
  write(`${name}/told.ndjson`, documents.map((one) => `${JSON.stringify(one)}\n`).join(""));
}

/** As its originator is told of an entry that went to MY. */
function receiptOf(seq: number, more: object = {}) {
  const { kind, loggedAt } = log.entries[seq - 1] ?? { kind: "", loggedAt: "" };
  const { delivered } = delivery(seq);
  const receiver = { organisation: "MY", delivered, acknowledgedAt: null, takenAway: null };
  const at = new Date(loggedAt).toISOString();
  return { seq, at, kind, object: `indicator--${seq}`, version: "1", receivers: [receiver], ...more };
}

async function reconciled(organisation = "MY"): Promise<string[]> {
  const [inbox = "", receipts = "", told = "", kept = ""] = NAMES.map((name) => join(folder, name));
  const options = { policy: await policy(), organisation, now: NOW };
  return found((await reconcileFolders({ inbox, receipts, told, kept }, options)).findings);
}

describe("what the platform tells a receiver that it handed over", () => {
  const all = () => log.entries.map(({ seq }) => delivery(seq));
  const with2 = (two: Delivery) => all().map((one) => (one.seq === 2 ? two : one));

  test("holds where it came, was told the same before, and has gone on since", async () => {
    tell("told", ...all());
    tell("kept", delivery(1), delivery(2));
    expect(await reconciled()).toEqual([]);
    const { code, answer } = await verify("reconcile", ...FOLDERS, "--organisation", "MY");
    expect([code, answer.ok]).toEqual([0, true]);
    tell("told", ...with2(delivery(2, 0, 90)));
    expect(await reconciled()).toEqual([]);
  });

  test("is wanted with what was told before, and not that alone", async () => {
    tell("kept", ...all());
    const folders = FOLDERS.filter((one) => !one.endsWith("told"));
    expect((await verify("reconcile", ...folders, "--organisation", "MY")).code).toBe(2);
  });

  test("is forged where nothing came, where it came before it was logged, and where it ended before it began", async () => {
    tell("kept");
    // An entry of which MY has neither an item nor a receipt.
    log.append({ object: indicator(7), to: ["MY", "SG"] });
    tell("told", ...all());
    expect(await reconciled()).toEqual(["forged-delivery 7"]);
    log.entries.pop();
    tell("told", ...with2(delivery(2, -3_600, 1)));
    expect(await reconciled()).toEqual(["forged-delivery 2"]);
    tell("told", ...with2(delivery(2, 5, 1)));
    expect(await reconciled()).toEqual(["forged-delivery 2"]);
  });

  test("is told, and is no accusation, where somebody may have looked at what was closed before it was pulled", async () => {
    tell("kept");
    const by = (...channels: string[]) => {
      const [one] = delivery(7).delivered;
      return { seq: 7, delivered: channels.map((channel) => ({ ...one, channel })) };
    };
    log.append({ object: indicator(7), to: ["MY", "SG"] });
    const others = all().filter(({ seq }) => seq !== 7);
    for (const channels of [["search"], ["object"], ["export"], ["search", "object", "export"]]) {
      tell("told", ...others, by(...channels));
      expect(await reconciled()).toEqual(["unkept-delivery 7"]);
    }
    const { code, answer } = await verify("reconcile", ...FOLDERS, "--organisation", "MY");
    expect([code, answer.ok, answer.findings.length]).toEqual([0, true, 1]);
    tell("told", ...others, by("search", "pull"));
    expect(await reconciled()).toEqual(["forged-delivery 7"]);
    // Its receipt was asked for by whoever kept it.
    keep(7, log.receipt(7, "MY"));
    tell("told", ...others, by("search"));
    expect(await reconciled()).toEqual(["forged-delivery 7", "no-delivery 7"]);
    tell("told", ...others.filter(({ seq }) => seq !== 2), by("search"));
    expect((await verify("reconcile", ...FOLDERS, "--organisation", "MY")).code).toBe(1);
  });

  test("is none that is missing where it was taken back since", async () => {
    log.append({ object: stub(3), kind: "withdrawn", to: ["MY", "SG"] });
    keepAll();
    const lines = log.entries.filter(({ seq }) => seq !== 3).map(({ seq }) => `${log.item(seq)}\n`);
    write("inbox/log.ndjson", lines.join(""));
    tell("kept");
    tell("told", ...all());
    expect(await reconciled()).toEqual([]);
  });

  test("lacks nothing that came", async () => {
    tell("kept");
    tell("told", ...all().filter(({ seq }) => seq !== 2));
    expect(await reconciled()).toEqual(["untold-delivery 2"]);
    tell("told");
    expect(await reconciled()).toHaveLength(6);
  });

  test.each<[string, (two: Delivery) => Delivery[]]>([
    ["gone", () => []],
    ["later", () => [delivery(2, 30)]],
    ["ended earlier", () => [delivery(2, 10, 20)]],
    [
      "by another channel",
      ({ seq, delivered }) => [{ seq, delivered: delivered.map((one) => ({ ...one, channel: "taxii" })) }],
    ],
  ])("is not what it was where it is %s", async (_what, change) => {
    const two = delivery(2, 10, 60);
    tell("kept", two);
    tell("told", ...all().flatMap((one) => (one.seq === 2 ? change(two) : [one])));
    expect(await reconciled()).toContain("changed-delivery 2");
  });

  test("is nothing that cannot be read", async () => {
    tell("kept");
    tell("told", ...all(), { seq: 1 });
    expect(await reconciled()).toEqual(["unreadable -"]);
  });
});

describe("what the platform tells an originator of its own entries", () => {
  beforeEach(() => {
    for (const { seq } of log.entries) keep(seq, log.receipt(seq, "SG"));
    tell("kept");
  });
  const all = () => log.entries.map(({ seq }) => receiptOf(seq));
  const own = () => log.entries.map(({ seq }) => delivery(seq));

  test("holds where each has its receipt", async () => {
    tell("told", ...all(), ...own());
    expect(await reconciled("SG")).toEqual([]);
  });

  test("is a delivery without a receipt where it has none", async () => {
    rmSync(join(folder, "receipts/2.json"));
    const lines = [1, 3, 4, 5, 6].map((seq) => `${log.item(seq)}\n`);
    write("inbox/log.ndjson", lines.join(""));
    tell("told", ...all(), ...own().filter(({ seq }) => seq !== 2));
    expect(await reconciled("SG")).toEqual(["no-receipt 2"]);
  });

  test.each<[string, object]>([
    ["changed-item 2", { object: "indicator--9" }],
    ["changed-item 2", { kind: "withdrawn" }],
    ["changed-item 2", { at: "2026-01-01T00:00:00.000Z" }],
  ])("is %s where it is told as %o", async (code, change) => {
    tell("told", ...all().map((one) => (one.seq === 2 ? { ...one, ...change } : one)), ...own());
    expect(await reconciled("SG")).toEqual([code]);
  });

  test("is told as it was before, under whichever of the member's names", async () => {
    tell("kept", receiptOf(2));
    const [receiver] = receiptOf(2).receivers;
    const as = (organisation: string) => [{ ...receiver, organisation }];
    const tellAs = (receivers: object[]) =>
      tell("told", ...all().map((one) => (one.seq === 2 ? { ...one, receivers } : one)), ...own());
    tellAs(as("MY:port"));
    expect(await reconciled("SG")).toEqual([]);
    tellAs(as("TH"));
    expect(await reconciled("SG")).toEqual(["changed-delivery 2"]);
  });
});
