import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REPORT_KINDS } from "../../packages/formats/src/shadowserver/reports.ts";
import {
  type Answer,
  type Caller,
  caller,
  submitAndWait,
  until,
  waitForSubmission,
  wholeLog,
} from "../support/api.ts";
import { killPostmaster } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/**
 * A submission that is planned and released in portions (ADR 33): what is said late in it holds for what stands early in it,
 * as if it were planned as a whole.
 */
const JSON_TYPE = "application/json";
/** Two such events are a portion. */
const ATTRIBUTES = 2_600;
const [SHARED, UNKNOWN, HELD] = ["203.0.113.77", "203.0.113.88", "203.0.113.99"];

/** All that is submitted here is longer than any document may be. */
const DOCUMENT = 128 * 1024;

let platform: PlatformProcess;
const as = (member: string, role: "analyst" | "subscriber" = "analyst"): Caller =>
  caller(platform.url, platform.key(member, role));

beforeAll(async () => {
  platform = await startPlatform({ env: { SUAR_DOCUMENT_LIMIT: String(DOCUMENT) } });
});
afterAll(async () => {
  await platform.kill();
  killPostmaster(platform.dataDir);
  await platform.remove();
});

function uuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const seen = (name: string, value: string, tags: string[] = []) => ({
  uuid: uuid(`${name}/${value}`),
  type: "ip-dst",
  category: "Network activity",
  to_ids: false,
  value,
  Tag: tags.map((tag) => ({ name: tag })),
});

function event(name: string, tlp: string, more: object[], attributes = ATTRIBUTES): object {
  const Attribute = Array.from({ length: attributes }, (_, n) => ({
    uuid: uuid(`${name}/${n}`),
    type: "domain",
    category: "Network activity",
    to_ids: true,
    value: `d${n}.${name}.example.com`,
  }));
  const Event = { uuid: uuid(name), info: name, Tag: [{ name: tlp }], Attribute: [...more, ...Attribute] };
  return { Event };
}

/** The first event says of three addresses that they may go far, the last one that two of them may not. */
function collection(name: string, events: number): string {
  const middle = Array.from({ length: events - 2 }, (_, n) => event(`${name}-${n}`, "tlp:green", []));
  const first = event(`${name}-first`, "tlp:green", [
    seen("first", SHARED),
    seen("first", UNKNOWN),
    seen("first", HELD),
  ]);
  const late = [seen("last", SHARED), seen("last", UNKNOWN, ["tlp:unclear"])];
  return JSON.stringify({
    response: [first, ...middle, event(`${name}-last`, "tlp:amber+strict", late, 10)],
  });
}

async function allRecords(id: string): Promise<any[]> {
  const records: any[] = [];
  for (let after: string | undefined = "0.0"; after !== undefined; ) {
    const { body }: Answer = await as("SG").get(`/v1/submissions/${id}?limit=500&after=${after}`);
    records.push(...body.records);
    after = body.next;
  }
  return records;
}

const valuesIn = (log: any[]): Set<string> =>
  new Set(log.map(({ object }) => object.value ?? object.pattern));

async function expectWhole(done: Answer, name: string, events: number): Promise<void> {
  const { status, counts, id } = done.body;
  const attributes = (events - 1) * ATTRIBUTES + 10 + 5;
  expect(status).toBe("done");
  expect(counts.records).toBe(events + attributes);
  expect(counts.accepted + counts.merged + counts.unchanged + counts.rejected).toBe(counts.records);
  const records = await allRecords(id);
  expect(records.map(({ index }) => index)).toEqual(Array.from({ length: counts.records }, (_, n) => n));
  for (const outcome of ["accepted", "merged", "rejected"])
    expect(records.filter((one) => one.outcome === outcome).length, outcome).toBe(counts[outcome]);
  const refused = records.filter((one) => one.outcome === "rejected");
  expect(refused.map(({ code }) => code)).toEqual(["unknown-marking", "unknown-marking"]);

  const [own, others] = [await wholeLog(as("SG")), await wholeLog(as("MY"))];
  const said = (log: any[]): any[] => log.filter(({ object }) => JSON.stringify(object).includes(name));
  const names = said(own).map(({ object }) => `${object.id} ${object.modified ?? ""}`);
  expect(new Set(names).size).toBe(names.length);
  const looked = said(others).filter(({ object }) => object.type === "indicator");
  expect(looked.length).toBe((events - 1) * ATTRIBUTES);
  expect(valuesIn(others)).toContain(HELD);
  for (const withheld of [SHARED, UNKNOWN]) expect(JSON.stringify(others)).not.toContain(withheld);
  expect(valuesIn(own)).toContain(SHARED);
  expect(valuesIn(own)).not.toContain(UNKNOWN);
  expectInOrder(said(own));
}

/** What names something stands behind it. */
function expectInOrder(log: any[]): void {
  const place = new Map<string, number>();
  for (const [at, { object }] of log.entries()) if (!place.has(object.id)) place.set(object.id, at);
  const early = log.flatMap(({ object }, at) =>
    [object.source_ref, object.target_ref, ...(object.object_refs ?? [])]
      .filter((ref) => (place.get(ref) ?? -1) > at)
      .map((ref) => `${object.id} before ${ref}`),
  );
  expect(early).toEqual([]);
}

describe("a collection of MISP that is planned in portions", () => {
  it("is released as if it were planned as a whole", async () => {
    const done = await submitAndWait(as("SG"), "?format=misp", collection("whole", 3), JSON_TYPE);
    await expectWhole(done, "whole", 3);
  });

  it("is released once and whole, however often the process is killed meanwhile", async () => {
    const bytes = collection("killed", 5);
    const { body } = await as("SG").raw("/v1/submissions?format=misp", bytes, { "content-type": JSON_TYPE });
    for (const released of [0, 1, 4_000, 7_000]) {
      await until(180_000, `more than ${released}`, async () => {
        const { status, counts } = (await as("SG").get(`/v1/submissions/${body.id}?limit=1`)).body;
        return status !== "received" && counts.accepted >= released ? true : undefined;
      });
      await platform.kill();
      await platform.restart();
    }
    const done = await waitForSubmission(as("SG"), body.id, 240_000);
    await expectWhole(done, "killed", 5);
  });
});

describe("what is longer than a document", () => {
  it("is refused at once where its beginning shows that nothing of it is marked", async () => {
    const unmarked = Array.from({ length: 400 }, (_, n) => ({
      Event: { info: `Event ${n} ${"x".repeat(400)}` },
    }));
    const bytes = JSON.stringify({ response: unmarked });
    expect(bytes.length).toBeGreaterThan(DOCUMENT);
    const { status, body } = await as("SG").raw("/v1/submissions", bytes, { "content-type": JSON_TYPE });
    expect({ status, code: body.code }).toEqual({ status: 422, code: "unmarked" });
  });

  it("is refused where it is planned as a whole, and told to come in several", async () => {
    const bundle = { type: "bundle", id: `bundle--${uuid("b")}`, x: "x".repeat(DOCUMENT) };
    const bytes = JSON.stringify(bundle);
    const { body } = await as("SG").raw("/v1/submissions", bytes, { "content-type": JSON_TYPE });
    expect(body).toMatchObject({ code: "too-large", detail: expect.stringContaining("send it in several") });
  });
});

describe("a submission whose pages lie in the database", () => {
  it("counts once what its submitter holds already", async () => {
    const origin = encodeURIComponent("https://taxii.example.com/collections/2/");
    const query = `?tlp=green&format=stix&origin=${origin}`;
    const first = await submitAndWait(as("SG"), query, domains(0, 10), JSON_TYPE);
    expect(first.body.counts).toMatchObject({ records: 10, accepted: 10 });
    const more = await submitAndWait(as("SG"), query, domains(0, 1_100), JSON_TYPE);
    expect(more.body.counts).toEqual({
      records: 1_100,
      accepted: 1_090,
      merged: 0,
      unchanged: 10,
      rejected: 0,
    });
  });
});

function domains(from: number, to: number): string {
  const objects = Array.from({ length: to - from }, (_, n) => ({
    type: "domain-name",
    id: `domain-name--${uuid(`held-${from + n}`)}`,
    value: `h${from + n}.example.org`,
  }));
  return JSON.stringify({ type: "bundle", id: `bundle--${uuid(`held/${from}/${to}`)}`, objects });
}

describe("a report of Shadowserver that is planned in portions", () => {
  it("is under one incident, which all of it names", async () => {
    const rows = 2_400;
    const done = await submitAndWait(as("SG"), "?tlp=green", report(rows), "text/csv");
    expect(done.body).toMatchObject({ status: "done", format: "shadowserver" });
    expect(done.body.counts).toMatchObject({ records: rows + 1, accepted: rows + 1, rejected: 0 });
    const own = (await wholeLog(as("SG"))).map(({ object }) => object);
    const [incident, ...others] = own.filter(({ type }) => type === "incident");
    expect(others).toEqual([]);
    const impacts = own.filter((object) => object.relationship_type === "impacts");
    expect(impacts.length).toBe(rows);
    expect(new Set(impacts.map(({ source_ref }) => source_ref))).toEqual(new Set([incident.id]));
    expect(own.filter(({ type }) => type === "observed-data").length).toBe(rows);
  });
});

function report(rows: number): string {
  const header = REPORT_KINDS.find(({ name }) => name === "scan_mongodb")?.columns ?? [];
  const lines = Array.from({ length: rows }, (_, n) => {
    const cells: Record<string, string> = {
      timestamp: "2026-01-02 03:04:05",
      ip: `198.18.${n >> 8}.${n & 255}`,
      protocol: "tcp",
      port: "27017",
      tag: "mongodb",
      severity: "high",
    };
    return header.map((column) => cells[column] ?? "").join(",");
  });
  return [header.join(","), ...lines].join("\n");
}
