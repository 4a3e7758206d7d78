import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  isProblemCode,
  type ProblemCode,
  type RouteDefinition,
  type RouteName,
  routes,
} from "@suar/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, caller, submitAndWait } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import type { Reader } from "./readers.ts";
import { OPERATORS } from "./refusals/operators.ts";
import { AS_IT_IS, SPOILT } from "./refusals/spoilt.ts";
import { OWNER, OWNERS_WORD, type Owned, SAYABLE } from "./swaps/kinds.ts";
import { makeOwned } from "./swaps/owner.ts";
import { ROUTE_SWAPS } from "./swaps/route-swaps.ts";
import { strangersTo } from "./swaps/strangers.ts";
import { ask, isStranger, neutral, type Sent, type Swap, shapeOf, unlike } from "./swaps/swap.ts";

/**
 * What a platform says when it says no: problems' details, headers, logs, metrics, documentation, counts. The owner's
 * word stands in everything of the owner's that takes text, and in nothing that others send.
 */
let platform: PlatformProcess;
let owned: Owned;
let readers: Reader[];
const codes = new Map<string, Set<ProblemCode>>();

beforeAll(async () => {
  platform = await startPlatform({ env: { LOG_LEVEL: "trace" } });
  const made = await makeOwned(platform);
  owned = made.owned;
  readers = await strangersTo(platform, made);
});
afterAll(async () => await platform?.remove());

/** A sentence where the owner's word is in an answer; an id that was asked for may be said back. */
function tells(where: string, { text, headers, status }: Answer, id: string): string[] {
  const said = neutral(`${text}\n${[...headers].join("\n")}`, id);
  if (status >= 500) return [`${where}: ${status}`];
  return said.includes(OWNERS_WORD) ? [`${where}: ${said.slice(0, 400)}`] : [];
}

function note(route: string, { body }: Answer): void {
  const code: unknown = body?.code;
  if (typeof code !== "string" || !isProblemCode(code)) return;
  codes.set(route, (codes.get(route) ?? new Set()).add(code));
}

/** One for each way of being a stranger. */
const SOME = [
  "MY officer",
  "MY analyst",
  "MY coordinator",
  "the drill's SG analyst",
  "a person of MY",
  "nobody",
];

type Named = { swap?: Swap; id: string; sent: Sent };

/** A route's calls that name something of the owner's, and where its path names nothing, the route alone. */
function callsOf(name: RouteName, { method, path }: RouteDefinition): Named[] {
  const swaps = ROUTE_SWAPS[name];
  const named = (typeof swaps === "string" ? [] : swaps).filter(({ makes }) => makes !== true);
  const bare = path.includes(":") ? [] : [{ id: owned.webhook[0]?.id ?? "", sent: { method, path } }];
  return [
    ...bare,
    ...named.flatMap((swap) => {
      const id = owned[swap.kind][0]?.id;
      return id === undefined ? [] : [{ swap, id, sent: swap.send(id, encodeURIComponent(id)) }];
    }),
  ];
}

/** Asks for one thing in every wrong way; sentences where an answer tells of it. */
async function askWrongly(name: RouteName, reader: Reader, { swap, id, sent }: Named): Promise<string[]> {
  // What its own list shows a member in a drill, is the member's.
  if (swap === undefined ? reader.party?.member === OWNER : !isStranger(reader, swap)) return [];
  const failures: string[] = [];
  for (const [how, spoil] of Object.entries(SPOILT)) {
    const spoilt = spoil(sent, id);
    // An event stream that is let in has no end; what it says, other tests read.
    if (
      (spoilt === sent && how !== AS_IT_IS) ||
      (name === "live" && swap === undefined && !/after|filter/.test(how))
    )
      continue;
    const answer = await ask(reader.api, spoilt);
    note(name, answer);
    failures.push(...tells(`${reader.name}, ${sent.method} ${sent.path}, ${how}`, answer, id));
  }
  return failures;
}

describe.each(Object.entries(routes) as [RouteName, RouteDefinition][])("%s", (name, route) => {
  test("refuses what names another's in words that tell nothing of it", async () => {
    const some = readers.filter((one) => SOME.includes(one.name));
    expect(some).toHaveLength(SOME.length);
    const asked = some.map(async (reader) => {
      const failures: string[] = [];
      for (const call of callsOf(name, route)) failures.push(...(await askWrongly(name, reader, call)));
      return failures;
    });
    expect((await Promise.all(asked)).flat()).toEqual([]);
  });
});

/** Refusals that come of the caller's own state, of the log's, or of bytes alone: other tests provoke these. */
const OF_NO_ID: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  "already-withdrawn",
  "bad-header",
  "bad-report",
  "bad-scenario",
  "bad-signature",
  "bad-witness-key",
  "conflict",
  "diff-not-ready",
  "edited-meanwhile",
  "forbidden-dtd",
  "idempotency-mismatch",
  "in-progress",
  "malformed-archive",
  "malformed-utf8",
  "malformed-xml",
  "malformed-yaml",
  "no-checkpoint-yet",
  "no-receipt",
  "not-a-bundle",
  "people-need-red",
  "quota-exceeded",
  "realm-limit",
  "red-needs-people",
  "second-person-needed",
  "too-large",
  "too-many-at-once",
  "unknown-format",
  "unknown-marking",
  "unmarked",
]);

test("every other problem that is documented was provoked, and the two of ids wherever they are", () => {
  const documented = Object.entries(routes).flatMap(([name, route]) =>
    ((route as RouteDefinition).problems ?? []).map((code) => ({ name, code })),
  );
  const provoked = new Set([...codes.values()].flatMap((all) => [...all]));
  const missing = documented.filter(({ code }) => !OF_NO_ID.has(code) && !provoked.has(code));
  expect(missing).toEqual([]);
  // Members are the operator's to remove; a cursor into what is another's is not looked at.
  const isOfIds = ({ name, code }: { name: string; code: ProblemCode }): boolean => {
    const { method, path } = routes[name as RouteName];
    if (code === "not-found")
      return !/^(?:remove|restore)Member$/.test(name) && namesAThing(name as RouteName);
    return code === "bad-cursor" && method === "GET" && !path.includes(":");
  };
  const unseen = documented.filter((one) => isOfIds(one) && codes.get(one.name)?.has(one.code) !== true);
  expect(unseen).toEqual([]);
});

/** One that is somebody's: what every member may read, is there. */
function namesAThing(name: RouteName): boolean {
  const swaps = ROUTE_SWAPS[name];
  return typeof swaps !== "string" && swaps.some(({ open }) => open !== true);
}

describe("a search", () => {
  const strangers = () =>
    readers.filter(({ role, party }) => role === "analyst" && party !== undefined && party.code !== OWNER);

  test.each(Object.entries(OPERATORS))("%s tells nothing of what is held", async (_name, write) => {
    const [value = ""] = owned.value.map(({ id }) => id);
    const never = value.replace(/^held./, "neve0");
    for (const reader of strangers()) {
      const told = await reader.api.get(`/v1/search?q=${encodeURIComponent(write(value))}`);
      const nothing = await reader.api.get(`/v1/search?q=${encodeURIComponent(write(never))}`);
      const shapes = [shapeOf(told, write(value)), shapeOf(nothing, write(never))] as const;
      shapes[0].body = shapes[0].body?.replaceAll(value, never) ?? "";
      expect(unlike(...shapes), reader.name).toBeUndefined();
    }
  });
});

describe("counts", () => {
  test("of others' reports are of those that the caller may see, by value, object and search", async () => {
    const value = `both${Date.now()}.example`;
    const of = (code: string) => caller(platform.url, platform.key(code));
    const table = `value\n${value}\n`;
    await submitAndWait(of("MY"), "?tlp=green", table, "text/csv");
    await submitAndWait(of(OWNER), "?tlp=amber%2Bstrict", table, "text/csv");
    const counted = async (code: string): Promise<number[]> => {
      const { body } = await of(code).get(`/v1/search?q=${value}`);
      const items = body.items as { alsoReportedBy: number; object: { id: string } }[];
      const objects = items.map(async ({ object }) => await of(code).get(`/v1/objects/${object.id}`));
      const shown = (await Promise.all(objects)).map((answer) => answer.body.alsoReportedBy);
      return [...items.map(({ alsoReportedBy }) => alsoReportedBy), ...shown];
    };
    expect(new Set(await counted("MY"))).toEqual(new Set([0]));
    expect(new Set(await counted(OWNER))).toEqual(new Set([1]));
  });

  test("of waiting deliveries hold none of what is not for them", async () => {
    const api = caller(platform.url, platform.key("VN", "subscriber"));
    const made = await api.post("/v1/webhooks", { url: "http://127.0.0.1:1/", after: "latest" });
    await submitAndWait(
      caller(platform.url, platform.key(OWNER)),
      "?tlp=amber%2Bstrict",
      "value\nheld.example.org\n",
      "text/csv",
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { body } = await api.get(`/v1/webhooks/${made.body.id}`);
    expect(body).toMatchObject({ pending: 0, lastProblem: null });
  });

  test("of requests that are left are the caller's own, and no one's who knows but the key's id", async () => {
    const key = platform.key(OWNER, "officer");
    const [, id] = key.split("_");
    const impostor = caller(platform.url, `suar_${id}_${"x".repeat(43)}`);
    const left = ({ headers }: Answer): number => Number(headers.get("ratelimit-remaining"));
    // TAXII's addresses ask who is calling after they have counted.
    const before = left(await impostor.get("/taxii2/"));
    expect(before).toBeGreaterThan(0);
    const owner = caller(platform.url, key);
    const own = left(await owner.get("/v1/whoami"));
    for (let n = 0; n < 5; n++) await owner.get("/v1/whoami");
    expect(left(await impostor.get("/taxii2/"))).toBe(before - 1);
    expect(left(await owner.get("/v1/whoami"))).toBe(own - 6);
  });
});

test("metrics, documentation and pages hold nothing of anybody's", async () => {
  const nobody = caller(platform.url, undefined);
  for (const path of ["/", "/metrics", "/openapi.json", "/docs", "/problems", "/sign-in"]) {
    const answer = await nobody.get(path);
    expect(answer.status, path).toBe(200);
    expect(answer.text, path).not.toContain(OWNERS_WORD);
    for (const [kind, things] of Object.entries(owned)) {
      if (SAYABLE.has(kind)) continue;
      const shown = things.filter(({ id }) => answer.text.includes(id)).map(({ is }) => is);
      // That a drill runs, its operator sees by its realm's own gauges.
      if (path !== "/metrics") expect(shown, path).toEqual([]);
    }
  }
});

test("the logs of platform and database hold nothing of it", () => {
  const logs = [platform.log(), readFileSync(join(platform.dataDir, "postgres.log"), "utf8")];
  const lines = logs.flatMap((log) => log.split("\n")).filter((line) => line.includes(OWNERS_WORD));
  expect(lines.slice(0, 3), `${lines.length} lines`).toEqual([]);
  expect(platform.log()).toContain('"level":30');
});
