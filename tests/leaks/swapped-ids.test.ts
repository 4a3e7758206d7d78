import { type RouteName, routes } from "@suar/contract";
import { TAXII_METHODS } from "@suar/taxii";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectAs } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { seededChance } from "../support/seeded-random.ts";
import type { Reader } from "./readers.ts";
import { absentId, type Kind, OWNER, type Owned, SAYABLE } from "./swaps/kinds.ts";
import { makeOwned } from "./swaps/owner.ts";
import { ROUTE_SWAPS } from "./swaps/route-swaps.ts";
import { ownRows, settled, snapshot } from "./swaps/snapshot.ts";
import { SPELLINGS } from "./swaps/spellings.ts";
import { strangersTo } from "./swaps/strangers.ts";
import { ask, isStranger, type Swap, shapeOf, unlike } from "./swaps/swap.ts";
import { TAXII_SWAPS } from "./swaps/taxii-swaps.ts";

/**
 * What belongs to another is answered as what never was: the same status, problem, body and headers, whoever asks and
 * wherever the id stands; and nothing of it changes.
 */
let platform: PlatformProcess;
let admin: pg.Client;
let owned: Owned;
let readers: Reader[];
let schemas: string[];

beforeAll(async () => {
  platform = await startPlatform();
  const made = await makeOwned(platform);
  owned = made.owned;
  readers = await strangersTo(platform, made);
  admin = await connectAs(platform.dataDir, "postgres");
  schemas = ["core", "live", owned.realm[0]?.id ?? ""];
  await settled(admin, schemas);
});
afterAll(async () => {
  await admin?.end();
  await platform?.remove();
});

const swaps = [...Object.values(ROUTE_SWAPS), ...Object.values(TAXII_SWAPS)].flatMap((row) =>
  typeof row === "string" ? [] : row,
);

/** Those that make nothing of the caller's own. */
const changing = swaps.filter(({ makes }) => makes !== true);

type Pair = {
  swap: Swap;
  id: string;
  absent: string;
  spell?: (id: string) => string;
  headers?: Record<string, string>;
};

/** Answers of one caller to a call for what is there and to one for what never was, alike or not. */
async function compare(reader: Reader, { swap, id, absent, spell = encodeURIComponent, headers = {} }: Pair) {
  const answer = async (asked: string) => {
    const sent = swap.send(asked, spell(asked));
    const answered = await ask(reader.api, { ...sent, headers: { ...sent.headers, ...headers } });
    // Who asks may be told of the thing anyhow, as of an agency that receives what its own members share.
    return shapeOf(answered, id, absent);
  };
  const told = await answer(id);
  return { told, difference: unlike(told, await answer(absent)) };
}

/** A sentence where a stranger is told something of a thing by the way in which it is refused. */
async function told(reader: Reader, pair: Pair, what: string): Promise<string[]> {
  if (pair.swap.open === true) return await refused(reader, pair, what);
  const { told, difference } = await compare(reader, pair);
  const where = `${reader.name}, ${pair.swap.it}, of ${what}`;
  if (difference !== undefined) return [`${where}: ${difference}`];
  return Number(told.status) >= 500 ? [`${where}: ${told.status}`] : [];
}

/** The same where the thing is everybody's to read, and a stranger does something to it. */
async function refused(reader: Reader, { swap, id, spell = encodeURIComponent }: Pair, what: string) {
  const { status } = await ask(reader.api, swap.send(id, spell(id)));
  return status >= 400 && status < 500 ? [] : [`${reader.name}, ${swap.it}, of ${what}: ${status}`];
}

async function differences(
  chosen: readonly Swap[],
  asking: readonly Reader[],
  spell?: Pair["spell"],
): Promise<string[]> {
  const found: string[] = [];
  for (const swap of chosen) {
    for (const { id, is } of owned[swap.kind]) {
      const pair = { swap, id, absent: absentId(swap.kind, id), ...(spell && { spell }) };
      const strangers = asking.filter((one) => isStranger(one, swap));
      found.push(...(await Promise.all(strangers.map((one) => told(one, pair, `one that is ${is}`)))).flat());
    }
  }
  return found;
}

const FORCE = ["GET", "PUT", "PATCH", "POST", "DELETE"];

/** What ends a thing comes after all that may be done with it, and the end of the owner itself last. */
function mildestFirst(chosen: readonly Swap[]): Swap[] {
  const forceOf = ({ it, kind }: Swap): number => {
    if (it.startsWith("DELETE /taxii2/")) return FORCE.indexOf("POST") - 0.5; // a withdrawal leaves nothing to delete
    if (/^POST .*\/sightings/.test(it)) return FORCE.indexOf("PATCH"); // nor to be seen
    return kind === "member" ? FORCE.length : FORCE.indexOf(it.split(" ")[0] ?? "");
  };
  return chosen.toSorted((a, b) => forceOf(a) - forceOf(b));
}

/** Each member trusts the others' policies, so that it reads them. */
const EVERYBODYS = [
  { name: "readPolicy", read: () => owned.pair.map(({ id }) => `/v1/policies/${id}`) },
  { name: "readPolicyGuide", read: () => owned.pair.map(({ id }) => `/v1/policies/${id}/guide`) },
  { name: "readProposal", read: () => owned.proposal.map(({ id }) => `/v1/policy-proposals/${id}`) },
] as const;

test.each(EVERYBODYS)("$name says the same to everybody who is known", async ({ read }) => {
  const known = readers.filter(({ realm }) => realm !== undefined);
  for (const path of read()) {
    const said = await Promise.all(known.map(async ({ api }) => await api.get(path)));
    expect(new Set(said.map(({ status }) => status)), path).toEqual(new Set([200]));
    expect(new Set(said.map(({ text }) => text)).size, path).toBe(1);
  }
});

describe("the tables", () => {
  test("name every route of the contract", () => {
    expect(Object.keys(ROUTE_SWAPS).sort()).toEqual(Object.keys(routes).sort());
  });

  test("have a swap for each route with an id in its path, unless every member may read it", () => {
    const without = (Object.keys(routes) as RouteName[]).filter(
      (name) => routes[name].path.includes(":") && typeof ROUTE_SWAPS[name] === "string",
    );
    expect(without.sort()).toEqual(EVERYBODYS.map(({ name }) => name).sort());
  });

  test("name every address of TAXII and every method that it takes", () => {
    const methods = Object.entries(TAXII_SWAPS).map(([kind, row]) => {
      const asked = typeof row === "string" ? ["GET"] : row.map((swap) => swap.it.split(" ")[0] ?? "");
      return [kind, [...new Set(asked)].sort()];
    });
    const taken = Object.entries(TAXII_METHODS).map(([kind, all]) => [kind, [...all].sort()]);
    expect(Object.fromEntries(methods)).toEqual(Object.fromEntries(taken));
  });
});

test("strangers are told nothing of what is another's, and nothing of it changes", async () => {
  const before = await snapshot(admin, schemas);
  expect(await differences(changing, readers)).toEqual([]);
  expect(await snapshot(admin, schemas)).toEqual(before);
});

/** One for each way of being a stranger. */
const SOME = [
  "MY officer",
  "MY analyst",
  "SG:example-power analyst",
  "SG subscriber",
  "the drill's SG analyst",
  "the colleague of a person of SG",
];

test.each(Object.entries(SPELLINGS))("nor by an id %s", async (_name, spell) => {
  const inPaths = changing.filter(({ it }) => /^GET .*:/.test(it));
  const some = readers.filter(({ name }) => SOME.includes(name));
  expect(some).toHaveLength(SOME.length);
  expect(await differences(inPaths, some, spell)).toEqual([]);
});

test("nor by what may be made of it", async () => {
  const before = await ownRows(admin, OWNER);
  const making = swaps.filter(({ makes }) => makes === true);
  expect(await differences(making, readers)).toEqual([]);
  expect(await ownRows(admin, OWNER)).toEqual(before);
});

const MOST_RANDOM = 1_000;

test("nor by any other mixture of who asks, what for, as what and how", async () => {
  const chance = seededChance();
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance.next() * from.length)] as T;
  const things = Object.entries(owned).flatMap(([kind, all]) =>
    SAYABLE.has(kind) ? [] : all.map((thing) => ({ kind: kind as Kind, ...thing })),
  );
  const spellings = [encodeURIComponent, encodeURIComponent, ...Object.values(SPELLINGS)];
  const more: Record<string, string>[] = [
    {},
    {},
    { "idempotency-key": "once" },
    { "if-match": '"1"' },
    { "last-event-id": things[0]?.id ?? "" },
  ];
  const before = await snapshot(admin, schemas);
  const failures: string[] = [];
  for (let n = 0; n < MOST_RANDOM; n++) {
    const [swap, { kind, id, is }, reader] = [pick(changing), pick(things), pick(readers)];
    if (!isStranger(reader, swap) || !isStranger(reader, { ...swap, kind })) continue;
    const pair = { swap, id, absent: absentId(kind, id), spell: pick(spellings), headers: pick(more) };
    failures.push(...(await told(reader, pair, `a ${kind} that is ${is}`)));
  }
  expect(failures, `SUAR_TEST_SEED=${chance.seed}`).toEqual([]);
  expect(await snapshot(admin, schemas), `SUAR_TEST_SEED=${chance.seed}`).toEqual(before);
});

/** Calls that are done once for their caller and key. */
const REPEATABLE: [path: string, body: string, type: string][] = [
  ["/v1/webhooks", JSON.stringify({ url: "https://hooks.example.com/once" }), "application/json"],
  ["/v1/alert-rules", JSON.stringify({ name: "once", filter: { types: ["file"] } }), "application/json"],
  ["/v1/advisories", JSON.stringify({ title: "once", body: "x", tlp: "clear" }), "application/json"],
  ["/v1/submissions?tlp=amber%2Bstrict", "value\nonce.swapped.example\n", "text/csv"],
];

test.each(REPEATABLE)("an Idempotency-Key of %s is its caller's own", async (path, body, type) => {
  const send = async ({ api }: Reader, key: string) =>
    await api.raw(path, body, { "content-type": type, "idempotency-key": key });
  const writers = readers.filter(({ role, party }) => role === "analyst" && party !== undefined);
  const owner = writers.find(({ party, realm }) => realm === "live" && party?.code === OWNER);
  if (owner === undefined) throw new Error(`there is no analyst of ${OWNER}`);
  const first = await send(owner, "once");
  expect((await send(owner, "once")).body.id, "of the owner's repeat").toBe(first.body.id);
  for (const reader of writers.filter((one) => one !== owner)) {
    const again = await send(reader, "once");
    expect(again.headers.get("idempotency-replayed"), reader.name).toBeNull();
    expect(again.text, reader.name).not.toContain(first.body.id);
    const fresh = shapeOf(await send(reader, `fresh ${reader.name}`.replaceAll(" ", "-")), "once");
    expect(unlike(shapeOf(again, "once"), fresh), reader.name).toBeUndefined();
  }
});

test("its owner is told otherwise: strangers are not refused for what else is said", async () => {
  const failures: string[] = [];
  for (const swap of mildestFirst(swaps.filter(({ hidden }) => hidden !== true))) {
    const reader = readers.find((one) => !isStranger(one, swap));
    const id = owned[swap.kind][0]?.id;
    if (reader === undefined || id === undefined) failures.push(`nobody may ask ${swap.it}`);
    else {
      const { told, difference } = await compare(reader, { swap, id, absent: absentId(swap.kind, id) });
      if (difference === undefined) failures.push(`${reader.name}, ${swap.it}: ${told.status} ${told.body}`);
    }
  }
  expect(failures).toEqual([]);
});
