import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Receipt, tilePath } from "@suar/merkle";
import { LogFixture } from "@suar/merkle/testing/log-fixture";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answers, closeFixture, folder, suar } from "../../testing/command-fixture.ts";
import {
  indicator,
  keep,
  keepAll,
  log,
  openLog,
  reconcile,
  stub,
  verify,
  write,
} from "../../testing/verify-fixture.ts";

// Processes of the command are started, on a machine that others may be using.

beforeEach(openLog);
afterEach(closeFixture);

describe("verify reconcile", () => {
  const KEPT = ["--inbox", "inbox", "--receipts", "receipts"];
  beforeEach(() => keepAll());

  test("wants to know for whom: what went to another is no proof", async () => {
    expect(await reconcile(undefined, "TH")).toEqual(
      expect.arrayContaining(["not-a-recipient 1", "no-receipt 1"]),
    );
    expect((await verify("reconcile", ...KEPT)).code).toBe(2);
    const { realm, keyId, expiresAt } = { realm: "live", keyId: "key", expiresAt: "2027-01-01T00:00:00Z" };
    const me = { realm, keyId, expiresAt, member: "TH", roles: ["officer"], personId: null };
    answers["GET /v1/whoami"] = { status: 200, body: { ...me, organisation: "TH" } };
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

  test("misses no delivery of what went to others alone, where it is one's own", async () => {
    log.append({ object: indicator(7), to: ["SG"], by: "MY" });
    log.append({ object: indicator(8), to: ["SG"] });
    for (const seq of [7, 8]) keep(seq, log.receipt(seq, "MY"));
    expect(await reconcile()).toEqual(["not-a-recipient 8"]);
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

  test("finds no gap where the very same was delivered later, and says so; another version of it spares nothing", async () => {
    log.append({ object: indicator(3), to: ["MY", "SG"] });
    log.append({ object: { ...indicator(4), ...{ name: "bad-4 anew" } }, to: ["MY", "SG"] });
    keepAll();
    const without = (...seqs: number[]) =>
      write(
        "inbox/log.ndjson",
        log.entries.flatMap(({ seq }) => (seqs.includes(seq) ? [] : [`${log.item(seq)}\n`])).join(""),
      );
    without(3);
    expect(await reconcile()).toEqual([]);
    const told = await verify("reconcile", ...KEPT, "--organisation", "MY");
    expect(told).toMatchObject({ code: 0, answer: { ok: true, items: 7, again: 1, receipts: 8 } });
    without(3, 4);
    expect(await reconcile()).toEqual(["gap 4"]);
    // That it was logged again is no delivery.
    without(3, 7);
    expect(await reconcile()).toEqual(["gap 3", "gap 7"]);
    without(7);
    expect(await reconcile()).toEqual(["gap 7"]);
  });

  test("spares no gap by what another stated, or stated as another kind of item", async () => {
    log.append({ object: indicator(3), to: ["MY", "SG"], by: "CN" });
    log.append({ object: indicator(4), to: ["MY", "SG"], kind: "advisory" });
    keepAll();
    const items = log.entries.flatMap(({ seq }) => ([3, 4].includes(seq) ? [] : [`${log.item(seq)}\n`]));
    write("inbox/log.ndjson", items.join(""));
    expect(await reconcile()).toEqual(["gap 3", "gap 4"]);
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

  test("is no gap: what was closed to somebody is gone from the log, but for another's or an earlier withdrawal", async () => {
    withdraw(3);
    withdraw(4, { by: "CN" });
    log.append({ object: indicator(3), to: ["MY", "SG"] });
    keepAll();
    const lines = log.entries.filter(({ seq }) => ![3, 4, 9].includes(seq)).map(({ seq }) => log.item(seq));
    write("inbox/log.ndjson", lines.join("\n"));
    expect(await reconcile()).toEqual(["gap 4", "no-delivery 9"]);
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
