import { readFileSync } from "node:fs";
import { Connection, findCollection, PULL_LIMITS, type PullPlace, pullObjects } from "@suar/taxii";
import { Fixture } from "@suar/taxii/testing/fixture-source";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FixtureServer, serveFixture } from "./serve-fixture.ts";

/** The platform's own client against its own protocol core, as `npm run taxii:fixture` serves it. */
const COUNT = 2_345;
const ID = "472c94ae-3113-4e3e-a4dd-a9f4ac747151";
let server: FixtureServer;

beforeAll(async () => {
  const file = new URL("./fixture.example.json", import.meta.url);
  const fixture = Fixture.parse(JSON.parse(readFileSync(file, "utf8")));
  const collection = fixture.api_roots[0]?.collections.find(({ id }) => id === ID);
  // Dates that many share, as after a bulk import: pages end within them.
  collection!.contents = Array.from({ length: COUNT }, (_, n) => ({
    date_added: `2026-01-01T00:00:0${Math.floor(n / 500)}.5Z`,
    version: "2026-01-01T00:00:00.000Z",
    media_type: "application/stix+json;version=2.1",
    object: { type: "indicator", id: idOf(n), modified: "2026-01-01T00:00:00.000Z", spec_version: "2.1" },
  }));
  server = await serveFixture(fixture, { port: 0, users: ["me:hush"] });
});
afterAll(async () => await server.close());

function idOf(n: number): string {
  return `indicator--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

function connect(secret: string): Connection {
  const credential = { user: "me", secret };
  return new Connection({ url: new URL(server.url), fetch, limits: PULL_LIMITS, credential });
}

test.each([7, 500, 1_000])(
  "pulls a collection by pages of %i, each object once, from any place",
  async (limit) => {
    const connection = connect("hush");
    const collection = await findCollection(connection, "all");
    expect(collection).toMatchObject({ id: ID, title: "Everything" });
    const ids: (string | undefined)[] = [];
    let from: PullPlace = {};
    for (let more = true; more; ) {
      // A new pull every few pages, as after a restart: all that it knows is the place.
      for await (const part of pullObjects(connection, collection, { from, limit, mostPages: 40 })) {
        ids.push(...part.objects.map(({ id }) => id));
        from = part.place ?? from;
        more = part.more ?? more;
      }
    }
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, n) => idOf(n)));
    expect(from.last).toBe("2026-01-01T00:00:04.500000Z");
    const again = await Array.fromAsync(pullObjects(connection, collection, { from, limit, mostPages: 400 }));
    expect(again.flatMap(({ objects }) => objects).length).toBeLessThanOrEqual(limit === 7 ? 345 : 0);
  },
);

test("is refused without the right secret", async () => {
  await expect(findCollection(connect("wrong"), "all")).rejects.toMatchObject({ code: "unauthorized" });
});
