import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tilePath } from "@suar/merkle";
import { LogFixture } from "@suar/merkle/testing/log-fixture";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeFixture, folder, suar } from "../../testing/command-fixture.ts";
import {
  found,
  indicator,
  keep,
  log,
  NOW,
  offline,
  openLog,
  policy,
  verify,
  write,
} from "../../testing/verify-fixture.ts";
import { compareCheckpoints, type Evidence } from "../proofs/compare-checkpoints.ts";
import { compareItem } from "../proofs/compare-item.ts";
import { readDelivered } from "../proofs/read-delivered.ts";
import { checkReceipt } from "../proofs/receipt-book.ts";
import { tileFolder } from "../proofs/tile-folder.ts";

// Processes of the command are started, on a machine that others may be using.

beforeEach(openLog);
afterEach(closeFixture);

describe("verify receipt", () => {
  const check = async (text: string) => checkReceipt(text, "file", { policy: await policy(), now: NOW });
  const against = async (item: unknown) => {
    const checked = await check(JSON.stringify(log.receipt(3, "MY")));
    const [kept] = readDelivered(JSON.stringify(item), "item");
    if (!("verified" in checked) || kept === undefined || !("item" in kept))
      throw new Error("not to be compared");
    return found(compareItem(kept, checked.verified));
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

  test("says that one log begins with the other where that was found, and never beside a finding", async () => {
    write("proof.json", proofOf(log).proof);
    const options = ["--proof", "proof.json", "--policy", "witnesses.json"];
    const says = async () =>
      (await suar(["verify", "consistency", "a.txt", "b.txt", ...options], offline)).stdout;
    expect(await says()).toBe("OK  the log of 6 entries begins with the log of 4\n");
    write("b.txt", "cut");
    expect(await says()).toMatch(/^FAILED bad-checkpoint \(.*b\.txt\): .*\n$/);
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
