import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, submitAndWait, wholeLog } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** A relationship tells of both its ends: it reaches nobody from whom one of them is withheld (DESIGN 3). */
let platform: PlatformProcess;
let sg: Caller;
let cn: Caller;

beforeAll(async () => {
  platform = await startPlatform();
  sg = caller(platform.url, platform.key("SG"));
  cn = caller(platform.url, platform.key("CN"));
}, 120_000);
afterAll(async () => await platform.remove());

const AT = "2026-05-01T00:00:00.000Z";
const READERS = ["SG", "MY", "TH", "CN", "VN"];
let made = 0;

function id(type: string): string {
  made += 1;
  return `${type}--00000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
}

function thing(type = "malware"): Record<string, unknown> & { id: string } {
  const times = { spec_version: "2.1", created: AT, modified: AT };
  return { type, id: id(type), ...times, name: `thing ${made}`, is_family: false };
}

function tie(source: string, target: string): Record<string, unknown> & { id: string } {
  const times = { spec_version: "2.1", created: AT, modified: AT };
  const ends = { source_ref: source, target_ref: target };
  return { type: "relationship", id: id("relationship"), ...times, relationship_type: "related-to", ...ends };
}

async function state(by: Caller, query: string, ...objects: object[]): Promise<void> {
  const bundle = JSON.stringify({ type: "bundle", id: id("bundle"), objects });
  const done = await submitAndWait(by, query, bundle, "application/stix+json;version=2.1");
  expect(done.body.status, done.text).toBe("done");
  expect(done.body.counts, done.text).toMatchObject({ accepted: objects.length, rejected: 0 });
}

/** Members that find the object in their log. */
async function reached(objectId: string): Promise<string[]> {
  const found: string[] = [];
  for (const member of READERS) {
    const log = await wholeLog(caller(platform.url, platform.key(member)));
    if (log.some(({ object }) => object.id === objectId)) found.push(member);
  }
  return found;
}

/** Members that a dry run names as recipients of the last object. */
async function foretold(query: string, object: object): Promise<string[]> {
  const bundle = JSON.stringify({ type: "bundle", id: id("bundle"), objects: [object] });
  const type = { "content-type": "application/stix+json;version=2.1" };
  const answer = await sg.raw(`/v1/submissions${query}&dryRun=true`, bundle, type);
  expect(answer.status, answer.text).toBe(200);
  return READERS.filter((code) =>
    answer.body.recipients.some(({ organisation }: { organisation: string }) => organisation === code),
  );
}

describe("a relationship", () => {
  test("goes to those who got both its ends, stated before", async () => {
    const [narrow, wide] = [thing(), thing()];
    await state(sg, "?tlp=amber&to=MY", narrow);
    await state(sg, "?tlp=green", wide);
    const relationship = tie(wide.id, narrow.id);
    expect(await foretold("?tlp=amber&to=MY,TH", relationship)).toEqual(["SG", "MY"]);
    await state(sg, "?tlp=amber&to=MY,TH", relationship);
    expect(await reached(relationship.id)).toEqual(["SG", "MY"]);
  });

  test("takes the stricter marking of its ends, stated before", async () => {
    const end = thing();
    await state(sg, "?tlp=amber&to=MY", end);
    const relationship = tie(end.id, end.id);
    await state(sg, "?tlp=green", relationship);
    expect(await reached(relationship.id)).toEqual(["SG"]);
  });

  test("goes no further than its ends when it is addressed to more later", async () => {
    const end = thing();
    await state(sg, "?tlp=amber&to=MY", end);
    const relationship = tie(end.id, end.id);
    await state(sg, "?tlp=amber&to=MY", relationship);
    const again = JSON.stringify({ type: "bundle", id: id("bundle"), objects: [relationship] });
    const done = await submitAndWait(sg, "?tlp=amber&to=MY,TH", again, "application/stix+json;version=2.1");
    expect(done.body.counts).toMatchObject({ unchanged: 1 });
    expect(await reached(relationship.id)).toEqual(["SG", "MY"]);
  });

  test("to what another sent under AMBER goes to that other alone", async () => {
    const theirs = thing();
    await state(cn, "?tlp=amber&to=SG,MY", theirs);
    const ours = thing();
    await state(sg, "?tlp=green", ours);
    const relationship = tie(ours.id, theirs.id);
    // MY got the end too; but whom CN addressed is not SG's to learn.
    expect(await foretold("?tlp=green&to=CN,MY,VN", relationship)).toEqual(["SG", "CN"]);
    await state(sg, "?tlp=green&to=CN,MY,VN", relationship);
    expect(await reached(relationship.id)).toEqual(["SG", "CN"]);
  });

  test("to what its producer never saw tells nothing of who has it", async () => {
    const hidden = thing();
    await state(cn, "?tlp=amber&to=VN", hidden);
    const relationship = tie(hidden.id, hidden.id);
    expect(await foretold("?tlp=green", relationship)).toEqual(READERS);
    const unheard = tie(id("malware"), id("malware"));
    expect(await foretold("?tlp=green", unheard)).toEqual(READERS);
  });

  test("in one submission of more than a batch, its ends' markings hold", async () => {
    const marked = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"; // TLP:AMBER
    const secret = { ...thing(), object_marking_refs: [marked] };
    const others = Array.from({ length: 1_400 }, () => thing());
    const ties = others.map((other) => tie(secret.id, other.id));
    await state(sg, "?tlp=green", secret, ...others, ...ties);
    const log = await wholeLog(caller(platform.url, platform.key("VN")));
    const ids = new Set(log.map(({ object }) => object.id));
    expect(others.filter((other) => ids.has(other.id))).toHaveLength(others.length);
    expect(ties.filter((one) => ids.has(one.id))).toHaveLength(0);
    const own = new Set((await wholeLog(sg)).map(({ object }) => object.id));
    expect(ties.filter((one) => own.has(one.id))).toHaveLength(ties.length);
  });
});
