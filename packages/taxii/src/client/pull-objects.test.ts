import { afterEach, describe, expect, it } from "vitest";
import {
  type Asked,
  added,
  collectionOf,
  connectTo,
  type Dialect,
  dateOf,
  type FakeServer,
  fakeServer,
  idOf,
  objectOf,
  pullAll,
  sendJson,
} from "../testing/fake-server.ts";
import { PULL_LIMITS } from "./limits.ts";

let server: FakeServer | undefined;
afterEach(async () => await server?.close());

async function serve(answer: (asked: Asked) => unknown): Promise<string> {
  server = await fakeServer(answer);
  return server.url;
}

/** Pulls two pages at a time, each time from where the time before ended, as a worker does that others wait for. */
async function inSteps(url: string, most: number): Promise<void> {
  let from = {};
  for (let step = 0; step < most; step++)
    from = (await pullAll(connectTo(url), { limit: 10, from, mostPages: 2 })).parts.at(-1)?.place ?? from;
}

const all = (count: number): string[] => Array.from({ length: count }, (_, n) => idOf(n));
const oddly = (at: number): string => dateOf(at).replace("Z", "+00:00");

const DIALECTS: [string, Dialect, (n: number) => number][] = [
  ["pages as it should", { most: 10 }, (n) => n],
  ["gives dates with an offset", { most: 10, next: "none", dates: oddly }, (n) => n],
  [
    "cuts dates to milliseconds",
    { most: 10, next: "none", dates: (at) => `${dateOf(at).slice(0, 23)}Z` },
    (n) => n * 700,
  ],
  ["cuts dates to seconds and gives next", { most: 10, dates: () => "2026-01-01T00:00:00Z" }, (n) => n],
  [
    "writes dates as JavaScript does",
    { most: 10, dates: () => "Thu Jan 01 2026 00:00:00 GMT+0000" },
    (n) => n,
  ],
  ["writes undefined for a date", { most: 10, dates: () => "undefined" }, (n) => n],
  ["gives more without next", { most: 10, next: "none" }, (n) => n],
  ["gives more as a word", { most: 10, next: "none", more: "true" }, (n) => n],
  ["does not heed next", { most: 10, next: "ignored" }, (n) => n],
  ["gives the same next for ever, and heeds none", { most: 10, next: "same-for-ever" }, (n) => n],
  ["has no date headers, and a manifest", { most: 10, next: "none", dates: () => undefined }, (n) => n],
  ["takes added_after for inclusive", { most: 10, next: "none", inclusive: true }, (n) => n],
  ["added several at one date, across a page's edge", { most: 10, next: "none" }, (n) => Math.floor(n / 7)],
  ["added many at one date", { most: 50, next: "none" }, (n) => Math.floor(n / 30)],
];

describe("a pull of a server that", () => {
  it.each(DIALECTS)("%s brings each object once", async (_name, dialect, at) => {
    const url = await serve(collectionOf(added(73, at), dialect));
    const { ids, parts } = await pullAll(connectTo(url), { limit: 10 });
    expect(ids).toEqual(all(73));
    expect(parts.at(-1)).toMatchObject({ more: false });
  });

  it.each(DIALECTS)(
    "%s goes on from any page, and brings nothing twice from the last",
    async (_n, dialect, at) => {
      const objects = added(73, at);
      const url = await serve(collectionOf(objects, dialect));
      const ids: string[] = [];
      let from = {};
      for (let more = true, runs = 0; more; runs++) {
        const { ids: some, parts } = await pullAll(connectTo(url), { limit: 10, from, mostPages: 1 });
        ids.push(...some);
        const end = parts.at(-1);
        // Where a page is asked for again with a higher limit, the pull ends without a place.
        if (end?.place === undefined) {
          const whole = await pullAll(connectTo(url), { limit: 10, from });
          ids.push(...whole.ids.filter((id) => !ids.includes(id)));
          from = whole.parts.at(-1)?.place ?? {};
          break;
        }
        from = end.place;
        more = end.more === true;
        expect(runs).toBeLessThan(73);
      }
      expect(ids).toEqual(all(73));
      const hasDates = dialect.dates?.(0) !== "undefined";
      if (hasDates) expect((await pullAll(connectTo(url), { limit: 10, from })).ids).toEqual([]);
      objects.push({ id: idOf(73), at: objects.at(-1)?.at ?? 0 });
      expect((await pullAll(connectTo(url), { limit: 10, from })).ids).toContain(idOf(73));
    },
  );

  it("cannot tell objects of one date apart is told so, after more was asked for", async () => {
    const url = await serve(
      collectionOf(
        added(40, () => 5),
        { most: 10, next: "none" },
      ),
    );
    await expect(pullAll(connectTo(url), { limit: 10 })).rejects.toMatchObject({ code: "stuck" });
    expect(server?.asked.length).toBeLessThan(12);
  });

  it("says that it has more and gives neither next nor dates", async () => {
    const url = await serve(({ url: { pathname } }) =>
      pathname.endsWith("/objects/") ? { more: true, objects: [objectOf(idOf(1))] } : {},
    );
    await expect(pullAll(connectTo(url))).rejects.toMatchObject({ code: "stuck" });
  });

  it("gives pages of nothing but what is too large is pulled from to its end", async () => {
    const huge = { v: "x".repeat(2_000) };
    const url = await serve(({ url: { searchParams } }) => {
      const page = Number(searchParams.get("next") ?? 0);
      const objects = [objectOf(idOf(page), page < 3 ? huge : {})];
      return page < 3 ? { more: true, next: String(page + 1), objects } : { objects };
    });
    const limits = { ...PULL_LIMITS, objectBytes: 1_000 };
    const { ids, parts } = await pullAll(connectTo(url, { limits }));
    expect(ids).toEqual([idOf(3)]);
    expect(parts.map(({ tooLarge }) => tooLarge)).toEqual([1, 1, 1, 0]);
  });

  it("leads in a circle", async () => {
    const url = await serve(({ url: { searchParams } }) => {
      const page = Number(searchParams.get("next") ?? 0) % 3;
      return { more: true, next: String(page + 1), objects: [objectOf(idOf(page))] };
    });
    await expect(pullAll(connectTo(url))).rejects.toMatchObject({ code: "endless" });
    expect(server?.asked.length).toBeLessThan(15); // each page, and its manifest
  });

  it("gives empty pages without end", async () => {
    let page = 0;
    const url = await serve(() => ({ more: true, next: String(page++) }));
    const limits = { ...PULL_LIMITS, emptyPages: 5 };
    await expect(pullAll(connectTo(url, { limits }))).rejects.toMatchObject({ code: "endless" });
    expect(page).toBe(6);
  });

  it("leads in a long circle is found out, however few pages a pull takes", async () => {
    const url = await serve(({ url: { pathname, searchParams } }) => {
      const page = Number(searchParams.get("next") ?? 0) % 40;
      if (pathname.endsWith("/manifest/")) return {};
      return { more: true, next: String(page + 1), objects: [objectOf(idOf(page))] };
    });
    await expect(inSteps(url, 200)).rejects.toMatchObject({ code: "endless" });
    expect(server?.asked.length).toBeLessThan(2 * 3 * 41); // each page, and its manifest
  });

  it.each([
    ["empty pages", (page: number) => ({ more: true, next: String(page) }), undefined],
    [
      "the same object with a later date each time",
      () => ({ more: true, objects: [objectOf(idOf(1))] }),
      dateOf,
    ],
  ])("gives %s without end is found out, however few pages a pull takes", async (_what, envelope, date) => {
    let page = 0;
    const url = await serve(({ response }) => {
      page += 1;
      sendJson(response, envelope(page), date && { "x-taxii-date-added-last": date(page) });
    });
    await expect(inSteps(url, 120)).rejects.toMatchObject({ code: "endless" });
    expect(page).toBeLessThan(110);
  });

  it("gives new pages without end is left after so many", async () => {
    let page = 0;
    const url = await serve(({ url: { pathname } }) =>
      pathname.endsWith("/manifest/")
        ? {}
        : { more: true, next: String(++page), objects: [objectOf(idOf(page))] },
    );
    const { ids, parts } = await pullAll(connectTo(url), { mostPages: 7 });
    expect(ids).toHaveLength(7);
    expect(parts.at(-1)).toMatchObject({ more: true, place: { next: "7" } });
  });

  it("has forgotten its next is asked by date", async () => {
    const objects = added(30, (n) => n);
    const answer = collectionOf(objects, { most: 10 });
    let forgets = false;
    const url = await serve((asked) => {
      if (forgets && asked.url.searchParams.has("next")) return void asked.response.writeHead(400).end("{}");
      return answer(asked);
    });
    const { ids, parts } = await pullAll(connectTo(url), { limit: 10, mostPages: 1 });
    forgets = true;
    const rest = await pullAll(connectTo(url), { limit: 100, from: parts.at(-1)?.place ?? {}, mostPages: 1 });
    expect([...ids, ...rest.ids]).toEqual(all(19)); // the last one of the first page came again
  });

  it("has nothing", async () => {
    const url = await serve(({ response }) =>
      sendJson(response, {}, { "x-taxii-date-added-last": dateOf(9) }),
    );
    const { ids, parts } = await pullAll(connectTo(url), { from: { addedAfter: dateOf(4) } });
    expect(ids).toEqual([]);
    expect(parts.at(-1)).toMatchObject({ more: false, place: { addedAfter: dateOf(4) } });
  });

  it("sends a page of very much is held a part at a time", async () => {
    const url = await serve(() => ({ objects: added(100, (n) => n).map(({ id }) => objectOf(id)) }));
    const limits = { ...PULL_LIMITS, partObjects: 40 };
    const { ids, parts } = await pullAll(connectTo(url, { limits }));
    expect(ids).toEqual(all(100));
    expect(parts.map(({ objects, place }) => [objects.length, place !== undefined])).toEqual([
      [40, false],
      [40, false],
      [20, true],
    ]);
  });
});

describe("markings that another page defines", () => {
  const own = "marking-definition--11111111-1111-4111-8111-111111111111";
  const nobodys = "marking-definition--22222222-2222-4222-8222-222222222222";
  const definition = {
    type: "marking-definition",
    id: own,
    name: "TLP:RED",
    created: "2026-01-01T00:00:00Z",
  };

  it("are brought with each part, and what nobody defines is left out", async () => {
    const url = await serve(({ url: { pathname }, response }) => {
      if (pathname.endsWith(`/objects/${own}/`)) return { objects: [definition] };
      if (!pathname.endsWith("/objects/")) return void response.writeHead(404).end();
      const marked = (n: number, marking: string) => objectOf(idOf(n), { object_marking_refs: [marking] });
      const granular = objectOf(idOf(3), {
        granular_markings: [{ marking_ref: nobodys, selectors: ["id"] }],
      });
      const tlp = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
      return {
        objects: [marked(0, own), marked(1, own.toUpperCase()), marked(2, nobodys), granular, marked(4, tlp)],
      };
    });
    const { ids, leftOut } = await pullAll(connectTo(url));
    expect(ids).toEqual([own, idOf(0), idOf(1), idOf(4)]);
    expect(leftOut).toEqual([idOf(2), idOf(3)]);
    expect(server?.asked.filter(({ url }) => url.pathname.endsWith(`${own}/`))).toHaveLength(1);
  });
});
