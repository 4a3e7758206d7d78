import { suarId } from "@suar/stix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, until } from "../support/api.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { exported, OF_DOMAINS, postStix } from "./export-scene.ts";
import { indicatorOf } from "./indicator-of.ts";
import { freshHost, itemWith } from "./scene.ts";

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));
const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.remove();
});

/** An indicator of CN's, which is there for these. */
async function stated(
  about: string,
  query: string,
  readers: readonly Caller[],
  more: object = {},
): Promise<any> {
  const object = indicatorOf(freshHost(about), more);
  await postStix(as("CN"), query, object);
  for (const reader of readers) await itemWith(reader, object.id);
  return object;
}

/** Says it, and waits until it is released to whoever says it. */
async function sight(by: Caller, id: string, body: object = {}): Promise<any> {
  const {
    status,
    body: answer,
    text,
  } = await by.post(`/v1/objects/${id}/sightings`, { tlp: "green", ...body });
  expect(status, text).toBe(202);
  await itemWith(by, answer.sightings[0].id);
  return (await itemWith(by, answer.sightings[0].id)).object;
}

/** As if it were stated so many days ago. */
function datedBefore(days: number): object {
  const at = ago(days);
  return { created: at, modified: at, valid_from: at };
}

const got = async (by: Caller, id: string): Promise<any> => (await by.get(`/v1/objects/${id}`)).body;
const found = async (by: Caller, id: string): Promise<any> =>
  (await by.get(`/v1/search?q=${id}`)).body.items[0];
/** Until the reader may see a sighting. */
const known = async (by: Caller, id: string): Promise<any> => await itemWith(by, id);
const isBlocked = async (by: Caller, name: string): Promise<boolean> =>
  (await exported(by, "list-domain")).text.includes(name);

describe("a sighting", () => {
  test("that is said twice in one call, by its id and by its value in two spellings, is one", async () => {
    const { id, name } = await stated("twice", "?tlp=green", [as("MY")]);
    const said = { type: "positive", firstSeen: ago(2), lastSeen: ago(1), count: 3 };
    const sightings = [
      { of: id, ...said },
      { value: name, ...said },
      { value: name.toUpperCase().replaceAll(".", "[.]"), ...said },
      { of: id, ...said, count: 4 },
    ];
    const { status, body, text } = await as("MY").post("/v1/sightings", { tlp: "green", sightings });
    expect(status, text).toBe(202);
    expect(body.sightings.map(({ of }: any) => of)).toEqual([id, id]);
  });

  test("goes the road of every release: to its reporter, its originator, and to whom all of it is known", async () => {
    const { id, name } = await stated("seen", "?tlp=green", [as("MY"), as("TH")]);
    const object = await sight(as("MY"), id, { count: 3, firstSeen: ago(2), description: "at the border" });
    expect(object).toMatchObject({
      type: "sighting",
      sighting_of_ref: id,
      count: 3,
      first_seen: expect.any(String),
      created_by_ref: suarId("identity", "MY"),
      where_sighted_refs: [suarId("identity", "MY")],
      description: "at the border",
    });
    for (const reader of ["CN", "TH"]) await known(as(reader), object.id);
    await sight(as("TH"), id);
    const { sightings } = await got(as("MY"), id);
    await until(20_000, "both", async () =>
      (await got(as("MY"), id)).sightings.seenBy === 2 ? true : undefined,
    );
    expect((await got(as("CN"), id)).sightings).toMatchObject({
      seenBy: 2,
      notSeenBy: 0,
      endedBy: 0,
      count: 4,
    });
    expect(sightings.said[0]).toMatchObject({ type: "positive" });
    expect((await found(as("VN"), name)).sightings.seenBy).toBe(2);
    // A value finds its indicators, and not its sightings.
    expect((await as("VN").get(`/v1/search?q=${name}`)).body.items).toHaveLength(1);
  });

  test("of what went to some goes to its originator alone, and is counted for nobody else", async () => {
    const { id } = await stated("narrow", "?tlp=amber%2Bstrict&to=MY,TH", [as("MY"), as("TH")]);
    const object = await sight(as("MY"), id, { tlp: "clear" });
    await known(as("CN"), object.id);
    expect((await got(as("CN"), id)).sightings.seenBy).toBe(1);
    expect((await got(as("MY"), id)).sightings.seenBy).toBe(1);
    expect((await got(as("TH"), id)).sightings).toEqual({
      ...{ seenBy: 0, notSeenBy: 0, endedBy: 0, count: 0, firstSeen: null, lastSeen: null, said: [] },
    });
    expect((await as("TH").get(`/v1/objects/${object.id}`)).status).toBe(404);
    expect((await found(as("TH"), id)).sightings.seenBy).toBe(0);
  });

  test("of a copy, which leaves out what its reader may not know, is told its originator, too", async () => {
    const secret = indicatorOf(freshHost("kept"));
    await postStix(as("CN"), "?tlp=amber%2Bstrict&to=TH", secret);
    const report = {
      ...{
        type: "report",
        spec_version: "2.1",
        id: `report--${crypto.randomUUID()}`,
        name: freshHost("copied"),
      },
      ...{ created: ago(1), modified: ago(1), published: ago(1), object_refs: [secret.id] },
    };
    await postStix(as("CN"), "?tlp=green", report);
    const copy = (await itemWith(as("MY"), report.name)).object;
    expect(copy.id).not.toBe(report.id);
    const object = await sight(as("MY"), copy.id);
    expect((await got(as("MY"), copy.id)).sightings.seenBy).toBe(1);
    await known(as("CN"), object.id);
  });

  test("is counted no more once it is taken back", async () => {
    const { id } = await stated("unseen", "?tlp=green", [as("MY")]);
    const object = await sight(as("MY"), id);
    expect((await got(as("MY"), id)).sightings.seenBy).toBe(1);
    expect((await as("MY").post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
    expect((await got(as("MY"), id)).sightings.seenBy).toBe(0);
  });
});

describe("an indicator without an end", () => {
  test("is over by its age in every blocklist, is marked in search, and is there all the same", async () => {
    const old = datedBefore(400);
    const { id, name } = await stated("old", "?tlp=green", [as("MY")], old);
    const fresh = await stated("fresh", "?tlp=green", [as("MY")], { confidence: 85 });
    for (const format of OF_DOMAINS) {
      const { text } = await exported(as("MY"), format);
      const holdsAll = ["stix", "csv", "atom", "misp"].includes(format);
      expect([format, text.includes(name.split(".")[0])]).toEqual([format, holdsAll]);
      expect([format, text.includes(fresh.name.split(".")[0])]).toEqual([format, true]);
    }
    expect((await found(as("MY"), name)).life).toMatchObject({
      expired: true,
      computed: true,
      by: "decay",
      score: 0,
    });
    const { life, object } = await found(as("MY"), fresh.name);
    expect(life).toMatchObject({ expired: false, by: "decay", confidence: { value: 85, word: "High" } });
    expect(life.score).toBeGreaterThan(80);
    expect([object.valid_until, (await got(as("MY"), id)).assertions[0].object.valid_until]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("lives again where it is seen, for those who may know that it was", async () => {
    const old = datedBefore(400);
    const { id, name } = await stated("again", "?tlp=amber%2Bstrict&to=MY,TH", [as("MY"), as("TH")], old);
    expect([await isBlocked(as("MY"), name), await isBlocked(as("TH"), name)]).toEqual([false, false]);
    const object = await sight(as("MY"), id);
    await known(as("CN"), object.id);
    expect([await isBlocked(as("MY"), name), await isBlocked(as("TH"), name)]).toEqual([true, false]);
    expect(await isBlocked(as("CN"), name)).toBe(true);
  });

  test("is ended by its originator for all, and by another for that one alone", async () => {
    const { id, name } = await stated("ended", "?tlp=green", [as("MY"), as("TH")]);
    const mine = await sight(as("MY"), id, { type: "expiration" });
    await known(as("TH"), mine.id);
    await known(as("CN"), mine.id);
    expect([await isBlocked(as("MY"), name), await isBlocked(as("TH"), name)]).toEqual([false, true]);
    expect((await found(as("MY"), name)).life).toMatchObject({ expired: true, by: "sighting" });
    expect((await found(as("TH"), name)).life).toMatchObject({ expired: false });
    expect((await got(as("CN"), id)).sightings.endedBy).toBe(1);
    const theirs = await sight(as("CN"), id, { type: "expiration" });
    await known(as("TH"), theirs.id);
    expect(await isBlocked(as("TH"), name)).toBe(false);
    expect((await got(as("TH"), id)).assertions[0]).toMatchObject({
      withdrawn: false,
      life: { expired: true },
    });
  });

  test("is weakened by whoever looked and saw nothing, for that one alone", async () => {
    const { id, name } = await stated("doubted", "?tlp=green", [as("MY"), as("TH")]);
    const { object } = await itemWith(as("MY"), (await sight(as("MY"), id, { type: "negative" })).id);
    expect(object.count).toBe(0);
    await known(as("TH"), object.id);
    const [mine, theirs] = [
      (await found(as("MY"), name)).life.score,
      (await found(as("TH"), name)).life.score,
    ];
    expect(mine).toBeLessThan(theirs);
    expect((await found(as("TH"), name)).sightings.notSeenBy).toBe(1);
  });
});

describe("many at once", () => {
  test("by id and by value, defanged, each indicator that looks for it by itself, and no URL of its host", async () => {
    const first = await stated("many", "?tlp=green", [as("MY")]);
    const second = indicatorOf(first.name, { pattern: `[domain-name:value = '${first.name}']` });
    const url = indicatorOf(first.name, { pattern: `[url:value = 'http://${first.name}/a']` });
    for (const object of [second, url]) {
      await postStix(as("VN"), "?tlp=green", object);
      await itemWith(as("MY"), object.id);
    }
    const other = await stated("other", "?tlp=green", [as("MY")]);
    const sightings = [{ value: first.name.replace(".", "[.]") }, { of: other.id, type: "negative" }];
    const { status, body } = await as("MY").post("/v1/sightings", { tlp: "amber", sightings });
    expect(status).toBe(202);
    expect(body.sightings.map(({ of }: any) => of).sort()).toEqual([first.id, second.id, other.id].sort());
    for (const { id } of body.sightings) await itemWith(as("MY"), id);
    expect((await as("MY").get(body.submissions[0].links.self)).body.counts).toMatchObject({
      accepted: 3,
      rejected: 0,
    });
  });

  test("are none where one is of nothing that the caller may see, and the answer names it", async () => {
    const mine = await stated("mine", "?tlp=green", [as("MY")]);
    const theirs = indicatorOf(freshHost("theirs"));
    await postStix(as("CN"), "?tlp=amber%2Bstrict&to=TH", theirs);
    await itemWith(as("TH"), theirs.id);
    const nobodys = indicatorOf(freshHost("nobodys"));
    const answers = await Promise.all(
      [{ of: theirs.id }, { of: nobodys.id }, { value: theirs.name }, { value: nobodys.name }].map(
        async (one) =>
          (await as("MY").post("/v1/sightings", { tlp: "green", sightings: [{ of: mine.id }, one] })).body,
      ),
    );
    for (const body of answers) {
      expect(body.errors).toEqual([
        { path: "/sightings/1", code: "not-found", message: "Nothing that you may see" },
      ]);
      expect({ ...body, requestId: "" }).toEqual({ ...answers[0], requestId: "" });
    }
    expect((await got(as("MY"), mine.id)).sightings.seenBy).toBe(0);
  });

  test("are tried without being said", async () => {
    const { id } = await stated("tried", "?tlp=green", [as("MY")]);
    const { status, body } = await as("MY").post("/v1/sightings/preview", {
      tlp: "green",
      sightings: [{ of: id }],
    });
    expect(status).toBe(200);
    expect(body.previews).toMatchObject([{ dryRun: true, counts: { accepted: 1 } }]);
    expect(body.previews[0].recipients.map(({ organisation }: any) => organisation)).toEqual(
      expect.arrayContaining(["CN", "TH"]),
    );
    expect((await got(as("MY"), id)).sightings.seenBy).toBe(0);
  });
});
