import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import type { Reader } from "./readers.ts";
import { absentId, type Owned } from "./swaps/kinds.ts";
import { makeOwned } from "./swaps/owner.ts";
import { ROUTE_SWAPS } from "./swaps/route-swaps.ts";
import { strangersTo } from "./swaps/strangers.ts";
import { ask, isStranger, type Swap } from "./swaps/swap.ts";
import { TAXII_SWAPS } from "./swaps/taxii-swaps.ts";

/**
 * Whoever measures how long a refusal takes learns nothing by it: for what is another's the platform does the same as
 * for what never was, statement by statement, on the same connections (queue, signals and activity are statements,
 * too). Not by clocks: a machine that is busy would fail it, and a difference of a microsecond would pass.
 */
const TAP = pathToFileURL(fileURLToPath(new URL("../support/statement-tap.ts", import.meta.url))).href;
const folder = mkdtempSync(join(tmpdir(), "suar-tap-"));
const tapped = join(folder, "statements");
let platform: PlatformProcess;
let owned: Owned;
let readers: Reader[];

beforeAll(async () => {
  writeFileSync(tapped, "");
  platform = await startPlatform({ env: { NODE_OPTIONS: `--import=${TAP}`, SUAR_TEST_TAP: tapped } });
  const made = await makeOwned(platform);
  owned = made.owned;
  readers = await strangersTo(platform, made);
});
afterAll(async () => {
  await platform?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const swaps = [...Object.values(ROUTE_SWAPS), ...Object.values(TAXII_SWAPS)].flatMap((row) =>
  typeof row === "string" ? [] : row.filter(({ makes, open }) => makes !== true && open !== true),
);

/**
 * Asked for of the database once in some seconds, whoever calls: who has which key, which organisations there are, and what
 * decisions stand on.
 */
const REMEMBERED =
  /FROM core\.machine_key k\s+JOIN core\.realm r|FROM core\.(?:organisation ORDER|recipient_group ORDER|sector ORDER|policy_evidence$|agreement_in_force ORDER|directory ORDER|directory_revision$)|^SELECT standing_now\(\)/;

let calls = 0;

/** The statements of one call, in their order. */
async function workOf(reader: Reader, swap: Swap, id: string): Promise<string[]> {
  const tag = `${calls++}`;
  const sent = swap.send(id, encodeURIComponent(id));
  const answer: Answer = await ask(reader.api, { ...sent, headers: { ...sent.headers, "x-tap": tag } });
  if (answer.status >= 500) throw new Error(`${swap.it}: ${answer.text}`);
  return readFileSync(tapped, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { tag: string; by: string; text: string })
    .filter((one) => one.tag === tag && !REMEMBERED.test(one.text))
    .map(({ by, text }) => `${by}: ${text.replace(/\s+/g, " ")}`);
}

describe.each(swaps)("$it", (swap) => {
  test("does the same work for what is another's as for what never was", async () => {
    const strangers = readers.filter((one) => isStranger(one, swap));
    expect(strangers).not.toEqual([]);
    for (const reader of strangers) {
      for (const { id, is } of owned[swap.kind]) {
        writeFileSync(tapped, "");
        const done = await workOf(reader, swap, id);
        const nothing = await workOf(reader, swap, absentId(swap.kind, id));
        expect(done, `${reader.name}, of one that is ${is}`).toEqual(nothing);
      }
    }
  });
});

test("the tap sees work, and another's for its owner is more of it", async () => {
  writeFileSync(tapped, "");
  const [swap] = ROUTE_SWAPS.getWebhook as readonly Swap[];
  const owner = readers.find((one) => swap !== undefined && !isStranger(one, swap));
  const [thing] = owned.webhook;
  if (swap === undefined || owner === undefined || thing === undefined)
    throw new Error("nobody has a webhook");
  const [own, none] = [
    await workOf(owner, swap, thing.id),
    await workOf(owner, swap, absentId("webhook", "")),
  ];
  expect(none).toHaveLength(1);
  expect(own.length).toBeGreaterThan(none.length);
});
