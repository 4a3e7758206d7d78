import { createSecrets } from "@suar/runtime";
import { type AssetMarks, assetMarksOf } from "@suar/stix";
import { describe, expect, it } from "vitest";
import type { WatchRow } from "../store/watch-list.ts";
import type { WatchSeal } from "./watch-list.ts";
import { remembering, watchedSet } from "./watched-sets.ts";

const sealOf = (): WatchSeal => ({
  realm: { purpose: (purpose) => `live:${purpose}` },
  secrets: createSecrets("s".repeat(32)),
});

function rowOf({ realm, secrets }: WatchSeal, organisation: number, values: string[], version = 1): WatchRow {
  const sealed = secrets.seal(realm.purpose("watch"), JSON.stringify({ organisation, version, values }));
  return { organisation_id: organisation, version, sealed, changed_at: new Date(0) };
}

const domains = (count: number, of: string): string[] =>
  Array.from({ length: count }, (_, n) => `h${n}.${of}.example`);

const host = (value: string): AssetMarks => assetMarksOf({ type: "domain-name", value } as never);

describe("what a row watches", () => {
  it("is arranged once for all who ask, and anew where it is another", async () => {
    const seal = sealOf();
    const row = rowOf(seal, 1, ["bank.example"]);
    const [one, same] = await Promise.all([watchedSet(seal, row), watchedSet(seal, { ...row })]);
    expect(one).toBe(same);
    expect(await watchedSet(seal, row)).toBe(one);
    expect([one.meets(host("mail.bank.example")), one.meets(host("shop.example"))]).toEqual([true, false]);
    const changed = await watchedSet(seal, rowOf(seal, 1, ["shop.example"], 2));
    expect([changed.meets(host("bank.example")), changed.meets(host("shop.example"))]).toEqual([false, true]);
  });

  it("does not open in another's place, nor as another version, also where it was opened before", async () => {
    const seal = sealOf();
    const row = rowOf(seal, 1, ["bank.example"], 3);
    await watchedSet(seal, row);
    for (const altered of [{ organisation_id: 2 }, { version: 4 }, { sealed: row.sealed.slice(4) }])
      await expect(watchedSet(seal, { ...row, ...altered })).rejects.toThrow();
    await expect(watchedSet({ ...seal, realm: { purpose: (of) => `drill:${of}` } }, row)).rejects.toThrow();
    const bad = rowOf(seal, 1, ["nowhere"]);
    for (let turn = 0; turn < 2; turn++) await expect(watchedSet(seal, bad)).rejects.toThrow("no asset");
  });

  it("lets others go on while thousands are arranged", async () => {
    const seal = sealOf();
    let turns = 0;
    let isOver = false;
    const others = (): void => {
      turns += 1;
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    await watchedSet(seal, rowOf(seal, 1, domains(5_000, "bank")));
    isOver = true;
    expect(turns).toBeGreaterThan(40);
  });

  it("is forgotten where too much was asked for since", async () => {
    const seal = sealOf();
    const rows = Array.from({ length: 21 }, (_, n) => rowOf(seal, n, domains(5_000, `of${n}`)));
    const first = await watchedSet(seal, rows[0] as WatchRow);
    const second = await watchedSet(seal, rows[1] as WatchRow);
    expect(await watchedSet(seal, rows[0] as WatchRow)).toBe(first);
    for (const row of rows.slice(2)) await watchedSet(seal, row);
    expect(await watchedSet(seal, rows[0] as WatchRow)).toBe(first);
    expect(await watchedSet(seal, rows[1] as WatchRow)).not.toBe(second);
  });
});

describe("answers that are remembered", () => {
  it("are asked for once of each entry, however many readers ask", () => {
    let asked = 0;
    const set = remembering({
      meets: ({ hosts }) => {
        asked += 1;
        return hosts.includes("bank.example");
      },
    });
    const marks = [host("bank.example"), host("shop.example")];
    for (let reader = 0; reader < 100; reader++)
      expect(marks.map((one) => set.meets(one))).toEqual([true, false]);
    expect(asked).toBe(2);
  });
});
