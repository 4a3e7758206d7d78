import { type RouteDefinition, routes } from "@suar/contract";
import { until } from "../support/api.ts";
import { COMMON_WORD } from "./bundles.ts";
import { crawlExports, crawlFeeds, crawlLinked, EXPORT, FEED, LINKED, LINKED_FILE } from "./crawl-exports.ts";
import { crawlExplanations, crawlReceipts, EXPLAIN, RECEIPTS } from "./crawl-proofs.ts";
import type { Reader } from "./readers.ts";
import { ask, type Seen, seenIn } from "./seen.ts";
import { askShare, type Share, shareOf } from "./shares.ts";
import type { Thing, Things } from "./things.ts";

type Kind = keyof Things;

/** Which things stand behind a route's parameter. */
const BEHIND: readonly [prefix: string, kind: Kind][] = [
  ["/v1/submissions/:id", "submission"],
  ["/v1/objects/:id", "object"],
  ["/v1/public/objects/:id", "object"],
  ["/v1/recalls/:id", "recall"],
  ["/v1/export-links/:id", "exportLink"],
  ["/v1/warning-lists/:id", "warningList"],
  ["/v1/webhooks/:id", "webhook"],
  ["/v1/sources/:id", "source"],
  ["/v1/alerts/:id", "alert"],
  ["/v1/alert-rules/:id", "alertRule"],
  ["/v1/advisories/:id", "advisory"],
  ["/v1/agreements/:id", "agreement"],
  ["/v1/approvals/:id", "approval"],
  ["/v1/policy-keys/:id", "policyKey"],
  ["/v1/policy-proposals/:id", "policyProposal"],
  ["/v1/policies/:pair", "policy"],
  ["/v1/drills/:id", "drill"],
  ["/v1/keys/:id", "key"],
  ["/v1/people/:id", "person"],
  ["/v1/inbox/sent/:id", "sentRed"],
  ["/v1/inbox/:id", "inbox"],
  ["/v1/agencies/:code", "agency"],
  ["/v1/members/:code", "member"],
];

/** Lists are asked for whole, and by what their filters take; by readers who do not ask for all in the first way alone. */
const QUERIES: Record<string, readonly string[]> = {
  "/v1/log": [
    "?limit=1000",
    `?text=${COMMON_WORD}`,
    "?kinds=alert,advisory",
    "?after=latest",
    "?after=x",
    "?tlp=amber,amber%2Bstrict",
    "?values=%40watch&limit=1000",
  ],
  "/v1/log/deliveries": ["?limit=500", "?after=0", "?after=x"],
  "/v1/objects": ["?limit=500", "?type=report&limit=500", "?producer=SG&limit=500", "?after=x"],
  "/v1/search": [
    `?q=${COMMON_WORD}&limit=200`,
    `?q=${COMMON_WORD}&type=report`,
    "?q=example.com&limit=200",
    "?q=x",
  ],
  "/v1/public/events": ["?limit=500", "?after=x"],
  "/v1/submissions": ["?limit=500", "?after=x"],
  "/v1/sources": ["?limit=500", "?after=x"],
  "/v1/alerts": ["?limit=500", "?state=raised"],
  "/v1/advisories": ["?limit=500"],
  "/v1/agreements": ["?limit=500"],
  "/v1/approvals": ["?limit=500", "?state=pending", "?after=x"],
  "/v1/policies": ["?limit=500"],
  "/v1/policy-proposals": ["?limit=500", "?state=open"],
  "/v1/contacts": ["?limit=500", "?after=x"],
  "/v1/inbox": ["?limit=500", "?after=x"],
  "/v1/inbox/sent": ["?limit=500", "?after=x"],
  "/v1/export-links": ["?limit=500", "?after=x"],
  "/v1/warning-lists/hits": ["?value=8.8.8.8", "?value=x"],
  "/v1/recalls": ["?limit=500", "?state=open&limit=500", "?after=x"],
  "/v1/live": ["?after=x", "?ticket=x"],
  "/v1/tlog/checkpoint": ["?for=witness", "?witnessed=true"],
  "/v1/tlog/consistency": ["?from=1&to=2", "?from=2&to=1"],
};

/** Pages beside the API. */
const PAGES = [
  "/",
  "/docs",
  "/openapi.json",
  "/problems",
  "/problems/not-found",
  "/metrics",
  "/healthz",
  "/readyz",
  "/style.css",
  "/policies",
  "/policies/CN-SG",
  "/nothing",
];

/** So many of its own objects a company that is not the first of its kind asks for by their ids. */
const OWN = 6;

/** Good bodies, so that a refusal is about who asks and not about what is sent. */
const ADVISORY = { title: "t", body: "b", tlp: "clear" };
const BODIES: Record<string, unknown> = {
  "/v1/advisories/:id": ADVISORY,
  "/v1/webhooks/:id": { description: "taken over" },
  "/v1/webhooks/:id/replay": { from: 0 },
  "/v1/objects/:id/withdraw": {},
  "/v1/objects/:id/marking": { tlp: "clear" },
  // Of what one may see it is refused as well, for another reason: everybody may sight it.
  "/v1/objects/:id/sightings": { tlp: "green", type: "negative", count: 1 },
  "/v1/approvals/:id/refusal": { reason: "taken over" },
  "/v1/people/:id/contact": { title: "taken over" },
  "/v1/members/:code/domains": { domains: ["taken-over.example"] },
};

/** Routes that manage a member's own: its officer may, and so may the operator. */
const MANAGED = new Set<Kind>(["key", "person", "agency", "member"]);

/** Asks for everything that the contract knows, as each reader of a company: of many things, for the company's share. */
export async function* crawl(share: Share, things: Things): AsyncGenerator<Seen> {
  const { company } = share;
  for (const reader of company.filter(share.asksAll)) {
    for (const path of PAGES) yield await ask(reader, "GET", path, { foreign: false });
  }
  for (const route of Object.values(routes) as RouteDefinition[]) {
    if (route.path === RECEIPTS) yield* crawlReceipts(share);
    else if (route.path === EXPLAIN) yield* crawlExplanations(share, things);
    else if (route.path === EXPORT) yield* crawlExports(share);
    else if (route.path === FEED) yield* crawlFeeds(share);
    else if (route.path === LINKED_FILE) continue;
    else if (route.path === LINKED) yield* crawlLinked(share, things.exportLink);
    else if (route.path.includes(":")) yield* crawlThings(share, route, things);
    else for (const reader of company) yield* crawlRoute(reader, route, share.asksAll(reader));
  }
  for (const reader of company) {
    yield await dryRun(reader, things);
    yield* policyDiffs(reader, share.asksAll(reader) ? PARTNERS.length : reader.role === "officer" ? 1 : 0);
  }
}

/** A route that names nothing. */
async function* crawlRoute(
  reader: Reader,
  { method, path }: RouteDefinition,
  inEachWay: boolean,
): AsyncGenerator<Seen> {
  if (method !== "GET") return yield await ask(reader, method, path, { foreign: false, body: {} });
  const queries = QUERIES[path] ?? [];
  for (const query of inEachWay ? ["", ...queries] : [queries[0] ?? ""]) yield* whole(reader, path, query);
}

/**
 * What is foreign to all of a company is asked for in turns, what is somebody's of it by each of them. Of its own realm and of
 * others apart: a drill's few things are all asked for by all of its readers. Of one's own objects a share is enough: what
 * they hold is looked for where they are listed.
 */
async function* crawlThings(share: Share, route: RouteDefinition, things: Things): AsyncGenerator<Seen> {
  const { company, first } = share;
  const road = `${route.method} ${route.path}`;
  const behind = BEHIND.find(([prefix]) => route.path === prefix || route.path.startsWith(`${prefix}/`));
  if (behind === undefined) throw new Error(`the crawl does not know what stands behind ${route.path}`);
  const [, kind] = behind;
  const isForeignTo = (whom: Share["company"], thing: Thing): boolean =>
    whom.every((reader) => isForeign(reader, thing, kind));
  const all = things[kind].map((thing, at) => ({ at, thing }));
  const [foreign = [], own = []] = [true, false].map((is) =>
    all.filter(({ thing }) => isForeignTo(company, thing) === is),
  );
  for (const { thing } of kind === "object" ? shareOf(share, `its own, ${road}`, own, { most: OWN }) : own)
    for (const reader of company) yield* crawlThing(reader, route, thing, kind);
  for (const some of Map.groupBy(foreign, ({ thing }) => thing.realm).values()) {
    const asked = shareOf(share, road, some, {
      cannot: ({ thing }) => !isForeignTo(first, thing),
    });
    const calls = asked.map(({ at, thing }) => {
      return { at, ask: (reader: Reader) => crawlThing(reader, route, thing, kind) };
    });
    yield* askShare(share, road, calls);
  }
}

async function* crawlThing(
  reader: Reader,
  { method, path: template }: RouteDefinition,
  thing: Thing,
  kind: Kind,
): AsyncGenerator<Seen> {
  const foreign = isForeign(reader, thing, kind) && !(method === "GET" && OPEN.has(kind));
  const path = template.replace(/:(id|code|pair)/, encodeURIComponent(thing.id));
  if (method === "GET") yield* whole(reader, path, "", foreign);
  else if (foreign) yield await ask(reader, method, path, { foreign, body: BODIES[template] });
}

/** Every member may read every policy, and what is proposed, and by which keys it is signed. */
const OPEN = new Set<Kind>(["policyKey", "policyProposal", "policy"]);

/** Somebody else's: to be neither read (but for objects, which are shared) nor touched. */
function isForeign(reader: Reader, thing: Thing, kind: Kind): boolean {
  if (reader.role === "operator") return !MANAGED.has(kind);
  if (reader.party === undefined || reader.realm !== thing.realm) return true;
  if (thing.person !== undefined) return reader.person !== thing.person;
  if (thing.officersOf === reader.party.code && reader.role === "officer") return false;
  if (MANAGED.has(kind)) return reader.party.member !== thing.organisation.slice(0, 2);
  return reader.party.code !== thing.organisation && thing.also?.includes(reader.party.code) !== true;
}

/** All pages of a list; one answer of what is none. The event stream never ends and is read elsewhere. */
async function* whole(reader: Reader, path: string, query: string, foreign = false): AsyncGenerator<Seen> {
  if (path === "/v1/live" && query === "") return;
  const seen = await ask(reader, "GET", `${path}${query}`, { foreign });
  yield seen;
  const next = nextOf(seen);
  if (next === undefined || seen.status !== 200) return;
  const separator = query === "" ? "?" : "&";
  for (let after: string | undefined = next, pages = 0; after !== undefined && pages < 50; pages++) {
    const page = await ask(reader, "GET", `${path}${query}${separator}after=${encodeURIComponent(after)}`, {
      foreign,
    });
    yield page;
    const following = nextOf(page);
    after = following === after ? undefined : following;
  }
}

function nextOf({ text }: Seen): string | undefined {
  try {
    const { next, more } = JSON.parse(text) as { next?: string | number; more?: boolean };
    return next === undefined || more === false ? undefined : String(next);
  } catch {
    return undefined; // a page for people
  }
}

/** A dry run that refers to everybody's objects: it must tell nothing of them. */
async function dryRun(reader: Reader, things: Things): Promise<Seen> {
  // The answer holds what was asked: ids that are canaries would be seen there.
  const refs = things.object.slice(0, 400).flatMap(({ id }) => (id.startsWith("domain-name--") ? [] : [id]));
  const at = "2026-01-07T00:00:00.000Z";
  const grouping = {
    type: "grouping",
    spec_version: "2.1",
    id: "grouping--2b4f4d0a-5a0e-4a6c-8d53-1c9d4b1f7a01",
    created: at,
    modified: at,
    context: "unspecified",
    object_refs: refs,
  };
  const body = JSON.stringify({
    type: "bundle",
    id: "bundle--2b4f4d0a-5a0e-4a6c-8d53-1c9d4b1f7a02",
    objects: [grouping],
  });
  const answer = await reader.api.raw("/v1/submissions?tlp=clear&dryRun=true", body, {
    "content-type": "application/json",
  });
  return seenIn(reader, "a dry run", answer, { foreign: false, writes: false });
}

/** Members between whom and everybody else content was planted. */
const PARTNERS = ["SG", "CN", "MY", "TH"];
const HIDDEN = { foreign: true, writes: false };
const SHUT = { allow: [], allowNamed: [], rules: [] };

/** What policies that let nothing go would change, each way: whatever a member may ask about is an example there. With `most` other members. */
async function* policyDiffs(reader: Reader, most: number): AsyncGenerator<Seen> {
  const member = reader.party?.member ?? "VN";
  const others = PARTNERS.filter((one) => one !== member).slice(0, most);
  const mayRead = new Map<string, boolean>();
  for (const pair of others.flatMap((other) => [`${member}-${other}`, `${other}-${member}`])) {
    const { body } = await reader.api.get(`/v1/policies/${pair}`);
    const policy = { ...body?.policy, ...SHUT };
    // A process does a few at once.
    const answer = await until(60_000, `a diff of ${pair}`, async () => {
      const told = await reader.api.post(`/v1/policies/${pair}/diff`, { policy });
      return told.body?.code === "in-progress" ? undefined : told;
    });
    yield seenIn(reader, `a diff of ${pair}`, answer, { foreign: false, writes: false });
    // Ids betray nothing by themselves: each has to be one that the reader may look up.
    for (const [id] of answer.text.matchAll(/[a-z][a-z0-9-]+--[0-9a-f-]{36}/g)) {
      const may = mayRead.get(id) ?? (await reader.api.get(`/v1/objects/${id}`)).status === 200;
      mayRead.set(id, may);
      if (!may) yield seenIn(reader, `a diff of ${pair} that shows ${id}`, answer, HIDDEN);
    }
  }
}
