import { ItemFormat, writers } from "@suar/formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Caller, caller, until } from "../support/api.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";
import { changePairPolicy } from "../support/policy-change.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import { addPerson, publish, redTo, signInAs } from "../support/sessions.ts";
import { exported, follow, formatsWith, OF_DOMAINS, postStix } from "./export-scene.ts";
import { indicatorOf } from "./indicator-of.ts";
import { freshHost, itemWith, reportHosts } from "./scene.ts";

const NOTICED_WITHIN_MS = 20_000;

const isBlocklist = (format: string): boolean =>
  ItemFormat.options.some((one) => one === format && writers[one].isBlocklist);

let platform: PlatformProcess;
const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(async () => {
  await platform.remove();
});

describe("an export", () => {
  test("holds in each format what its reader may see, and what nobody else may", async () => {
    const [mine, others] = [freshHost("export-mine"), freshHost("export-others")];
    await reportHosts(as("VN"), "?tlp=amber&to=MY", [mine]);
    await reportHosts(as("VN"), "?tlp=amber&to=TH", [others]);
    await itemWith(as("MY"), mine);
    await itemWith(as("TH"), others);
    expect(await formatsWith(as("MY", "subscriber"), mine)).toEqual(OF_DOMAINS);
    expect(await formatsWith(as("MY"), others)).toEqual([]);
    expect(await formatsWith(as("CN"), mine)).toEqual([]);
    const zone = await exported(as("MY"), "rpz");
    expect(zone.text).toMatch(/^; Suar export, TLP:AMBER, made for MY\n/);
    expect(zone.headers.get("content-type")).toBe(writers.rpz.mediaType);
    expect(zone.headers.get("cache-control")).toBe("private, no-cache");
    expect(zone.headers.get("referrer-policy")).toBe("no-referrer");
    expect(zone.headers.get("content-disposition")).toBe('attachment; filename="suar-rpz-for-MY.rpz"');
    expect((await exported(as("MY"), "stix")).body.objects[0]).toMatchObject({ type: "marking-definition" });
    expect((await exported(as("MY"), "list-domain", "?producers=CN")).text).not.toContain(mine);
    expect((await exported(as("MY"), "list-domain", "?tlp=clear")).text).not.toContain(mine);
  });

  test("is for readers of content, in formats that there are", async () => {
    expect((await exported(caller(platform.url, undefined), "csv")).status).toBe(401);
    expect((await exported(caller(platform.url, platform.operator), "csv")).status).toBe(403);
    expect((await exported(as("MY"), "docx")).status).toBe(400);
    expect((await exported(as("MY"), "csv", "?tlp=mauve")).body.code).toBe("bad-filter");
    expect((await exported(as("MY"), "csv", "?format=x")).body.code).toBe("bad-request");
  });

  test("is known by its content alone: what others are sent changes nothing, and what oneself is, everything", async () => {
    await reportHosts(as("VN"), "?tlp=amber&to=LA", [freshHost("export-tag")]);
    const one = async (by: Caller) => {
      const tags: Record<string, string> = {};
      for (const format of OF_DOMAINS) tags[format] = (await exported(by, format)).headers.get("etag") ?? "";
      return tags;
    };
    await itemWith(as("LA"), "export-tag");
    const before = await one(as("LA"));
    const unseen = freshHost("export-unseen");
    await reportHosts(as("VN"), "?tlp=amber&to=KH", [unseen]);
    const { object } = await itemWith(as("KH"), unseen);
    expect(await one(as("LA"))).toEqual(before);
    await as("VN").post(`/v1/objects/${object.id}/withdraw`);
    await itemWith(as("KH"), object.id, "withdrawn");
    expect(await one(as("LA"))).toEqual(before);
    for (const [format, tag] of Object.entries(before)) {
      // A zone says when it was written: another time, other bytes.
      expect(tag).toMatch(format === "rpz" ? /^W\/"[\w-]{43}"$/ : /^"[\w-]{43}"$/);
      const known = await exported(as("LA"), format, "", { "if-none-match": `"x", ${tag}` });
      expect([known.status, known.text, known.headers.get("etag")]).toEqual([304, "", tag]);
    }
    const seen = freshHost("export-seen");
    await reportHosts(as("VN"), "?tlp=amber&to=LA", [seen]);
    await itemWith(as("LA"), seen);
    const after = await one(as("LA"));
    for (const format of OF_DOMAINS) expect(after[format], format).not.toBe(before[format]);
    const head = await as("LA").send("HEAD", "/v1/export/rpz");
    expect([head.status, head.text, head.headers.get("etag")]).toEqual([200, "", after.rpz]);
  });

  test("lacks in every format what was recalled from the answer to the recall on, also for whoever knows its tag", async () => {
    const host = freshHost("export-recalled");
    await reportHosts(as("VN"), "?tlp=amber&to=MM", [host]);
    const { object } = await itemWith(as("MM"), host);
    const before = new Map<string, Answer>();
    for (const format of OF_DOMAINS) before.set(format, await exported(as("MM"), format));
    expect((await as("VN").post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
    for (const format of OF_DOMAINS) {
      const tag = before.get(format)?.headers.get("etag") ?? "";
      const { status, text } = await exported(as("MM"), format, "", { "if-none-match": tag });
      expect([format, status, text.includes(host), text.includes("export-recalled")]).toEqual([
        format,
        200,
        false,
        false,
      ]);
    }
    const zones = [before.get("rpz")?.text, (await exported(as("MM"), "rpz")).text];
    const [old = 0, now = 0] = zones.map((text) => Number(/SOA \S+ \S+ (\d+)/.exec(text ?? "")?.[1]));
    expect([now >= old, Math.abs(now - Date.now() / 1_000) < 60]).toEqual([true, true]);
  });

  test("holds the newest version alone, nothing that was revoked, and nothing that is over", async () => {
    const [first, second, short] = [
      freshHost("export-first"),
      freshHost("export-second"),
      freshHost("export-short"),
    ];
    const object = indicatorOf(first);
    await postStix(as("SG"), "?tlp=amber&to=BN", object);
    await itemWith(as("BN"), first);
    const modified = "2026-03-02T00:00:00.000Z";
    const pattern = `[domain-name:value = '${second}']`;
    await postStix(as("SG"), "?tlp=amber&to=BN", { ...object, modified, name: second, pattern });
    await itemWith(as("BN"), second);
    expect(await formatsWith(as("BN"), first)).toEqual([]);
    expect(await formatsWith(as("BN"), second)).toEqual(OF_DOMAINS);
    const ends = Date.now() + 6_000;
    await postStix(
      as("SG"),
      "?tlp=amber&to=BN",
      indicatorOf(short, { valid_until: new Date(ends).toISOString() }),
    );
    await itemWith(as("BN"), short);
    const { headers } = await exported(as("BN"), "list-domain");
    const inTime = Date.now() < ends - 1_000;
    if (inTime) expect((await exported(as("BN"), "list-domain")).text).toContain(short);
    await until(NOTICED_WITHIN_MS, "its end", async () => (Date.now() > ends ? true : undefined));
    const known = { "if-none-match": headers.get("etag") ?? "" };
    const after = await exported(as("BN"), "list-domain", "", known);
    expect([after.status, after.text.includes(short)]).toEqual([200, false]);
    expect(await formatsWith(as("BN"), short)).toEqual([]);
    await postStix(as("SG"), "?tlp=amber&to=BN", {
      ...object,
      modified: "2026-03-03T00:00:00.000Z",
      name: second,
      pattern,
      revoked: true,
    });
    await until(NOTICED_WITHIN_MS, "the revocation", async () =>
      (await exported(as("BN"), "list-domain")).text.includes(second) ? undefined : true,
    );
    expect(await formatsWith(as("BN"), second)).toEqual([]);
  });

  test("leaves out of blocklists what PAP forbids to act upon, from its first release or from a later marking on", async () => {
    const [red, later] = [freshHost("export-pap"), freshHost("export-pap-later")];
    const readable = OF_DOMAINS.filter((format) => !isBlocklist(format));
    await reportHosts(as("SG"), "?tlp=green&pap=red", [red]);
    await itemWith(as("PH"), red);
    expect(await formatsWith(as("PH"), red)).toEqual(readable);
    await reportHosts(as("SG"), "?tlp=green", [later]);
    const { object } = await itemWith(as("PH"), later);
    expect(await formatsWith(as("PH"), later)).toEqual(OF_DOMAINS);
    const path = `/v1/objects/${object.id}/marking`;
    const { headers } = await as("SG").get(path);
    const marked = await as("SG").post(
      path,
      { tlp: "green", pap: "amber" },
      { "if-match": headers.get("etag") ?? "" },
    );
    expect(marked.status, marked.text).toBe(200);
    await until(NOTICED_WITHIN_MS, "the marking", async () =>
      (await exported(as("PH"), "list-domain")).text.includes(later) ? undefined : true,
    );
    const blocked = (await formatsWith(as("PH"), later)).filter(isBlocklist);
    expect(blocked).toEqual([]);
  });

  test("lacks what a policy took away, once its last signature is answered", async () => {
    const host = freshHost("export-policy");
    await reportHosts(as("VN"), "?tlp=green", [host]);
    await itemWith(as("LA"), host);
    expect(await formatsWith(as("LA"), host)).toEqual(OF_DOMAINS);
    const tag = (await exported(as("LA"), "csv")).headers.get("etag") ?? "";
    await changePairPolicy(
      (member) => as(member, "officer"),
      ["VN", "LA", "TH"],
      ({ allow }) => ({
        allow: allow.filter((name) => name !== "indicator.infrastructure"),
      }),
    );
    const { status } = await exported(as("LA"), "csv", "", { "if-none-match": tag });
    expect([status, await formatsWith(as("LA"), host)]).toEqual([200, []]);
    expect(await formatsWith(as("TH"), host)).toEqual(OF_DOMAINS);
  });

  test("lacks what its originator says again as TLP:RED", async () => {
    const host = freshHost("export-again-red");
    const officer = as("KH", "officer");
    const person = await addPerson(officer, "Duty officer");
    await publish(officer, person);
    const object = indicatorOf(host);
    await postStix(as("SG"), "?tlp=green", object);
    await itemWith(as("KH"), host);
    expect(await formatsWith(as("KH"), host)).toEqual(OF_DOMAINS);
    const tag = (await exported(as("KH"), "list-domain")).headers.get("etag") ?? "";
    await postStix(as("SG"), redTo(person), { ...object, modified: "2026-03-02T00:00:00.000Z" });
    const { status } = await exported(as("KH"), "list-domain", "", { "if-none-match": tag });
    expect([status, await formatsWith(as("KH"), host)]).toEqual([200, []]);
  });

  test("holds in a blocklist nothing that costs others, whoever says that it is malicious, and tells how much it lacks", async () => {
    const host = freshHost("export-admitted");
    const values = ["gov.sg", "co.th", "127.0.0.1", "8.8.8.8", "10.0.0.0/8", "32.1.2.0.192.rpz-ip", host];
    const placeOf = (value: string) => (/^[0-9./]+$/.test(value) ? "ipv4-addr" : "domain-name");
    const pattern = `[${values.map((value) => `${placeOf(value)}:value = '${value}'`).join(" OR ")}]`;
    await postStix(as("SG"), "?tlp=amber&to=CN", indicatorOf(host, { pattern }));
    await itemWith(as("CN"), host);
    const zone = (await exported(as("CN"), "rpz", "?producers=SG")).text;
    const names = zone.split("\n").filter((line) => line.endsWith(" CNAME ."));
    expect(names).toEqual([`${host} CNAME .`, `*.${host} CNAME .`]);
    expect(zone).toContain(
      "; 5 values are on warning lists, and not in it\n;   2 on Suar: public suffixes\n",
    );
    expect(zone).toContain("; 1 more that this format cannot hold are not in it\n");
  });

  test("says of a drill that it is one, in its name and before all else", async () => {
    const made = await as("MY", "coordinator").post("/v1/drills", { scenario: QUIET_DRILL });
    expect(made.status, made.text).toBe(201);
    const player = caller(platform.url, made.body.keys.MY.analyst);
    const read = async (format: string) => await exported(player, format);
    const list = await read("list-domain");
    expect(list.text).toMatch(new RegExp(`^# EXERCISE ${made.body.realm}\n# Suar export, `));
    expect(list.headers.get("content-disposition")).toBe(
      'attachment; filename="suar-drill-list-domain-for-MY.txt"',
    );
    expect((await read("atom")).text).toContain(`<title>EXERCISE ${made.body.realm}: Suar</title>`);
    expect((await read("stix")).body.objects[0].definition.statement).toBe(`EXERCISE ${made.body.realm}`);
    expect((await exported(as("MY"), "list-domain")).text).not.toContain("EXERCISE");
  });

  test("is told the originators of what is in it once it has gone out whole", async () => {
    const host = freshHost("export-receipt");
    await reportHosts(as("VN"), "?tlp=amber&to=PH,TH", [host]);
    const { object } = await itemWith(as("PH"), host);
    expect((await exported(as("PH"), "csv")).text).toContain(host);
    const told = await until(NOTICED_WITHIN_MS, "the receipt", async () => {
      const { body } = await as("VN").get(`/v1/objects/${object.id}/receipts`);
      const channelsOf = (code: string): string[] =>
        body.items[0].receivers
          .find(({ organisation }: any) => organisation === code)
          .delivered.map(({ channel }: any) => channel);
      return channelsOf("PH").includes("export") ? channelsOf : undefined;
    });
    expect(told("TH")).not.toContain("export");
  });

  test("never holds what is TLP:RED, nor for the person that it is for", async () => {
    const host = freshHost("export-red");
    const officer = as("TH", "officer");
    const session = await signInAs(officer, await addPerson(officer, "Duty officer"), (key) =>
      caller(platform.url, key),
    );
    await publish(officer, session.person);
    await reportHosts(as("SG"), redTo(session.person), [host]);
    await until(NOTICED_WITHIN_MS, "the letter", async () =>
      (await session.api.get("/v1/inbox")).body.items.length > 0 ? true : undefined,
    );
    const made = await session.api.post("/v1/export-links", {
      name: "red",
      format: "csv",
      filter: { tlp: ["red"] },
    });
    expect(made.status, made.text).toBe(201);
    const linked = await follow(platform, made.body.url);
    expect([linked.status, linked.text.includes(host)]).toEqual([200, false]);
    expect(await formatsWith(session.api, host)).toEqual([]);
    expect(await formatsWith(session.api, host, "?tlp=red")).toEqual([]);
  });
});
