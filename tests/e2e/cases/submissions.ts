import { suarId } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { submitAndWait, waitForSubmission, wholeLog } from "../../support/api.ts";
import { formOf } from "../../support/form.ts";
import { indicatorOf } from "../indicator-of.ts";
import { fixture, freshHost, itemWith, knowsNothingOf, mentions, reportHosts, type Scene } from "../scene.ts";

const CSV = "text/csv";
const JSON_TYPE = "application/json";

type Form = {
  format: string;
  file: string;
  type: string;
  query: string;
  accepted: number;
  merged: number;
  finds: readonly string[];
  /** What is its member's own: it goes to other members that are named only, and when an officer agrees. */
  keeps?: readonly string[];
  types: readonly string[];
};

/** Each format with its fixture, and what a reader of another member has to find of it afterwards. */
const FORMATS: Form[] = [
  {
    format: "stix",
    file: "bundle.stix.json",
    type: "application/stix+json;version=2.1",
    query: "",
    accepted: 4,
    merged: 0,
    finds: ["control.stix-fixture.example.net", "FixtureLoader"],
    types: ["indicator", "malware", "relationship", "identity"],
  },
  {
    format: "misp",
    file: "event.misp.json",
    type: JSON_TYPE,
    query: "?format=misp",
    accepted: 3,
    merged: 0,
    finds: [
      "berth.misp-fixture.example.net",
      "198.51.100.40",
      "9f1c3d5e7a8b0c2d",
      "Lures against port operators",
    ],
    types: ["indicator", "report"],
  },
  {
    format: "csv",
    file: "indicators.csv",
    type: CSV,
    query: "?tlp=green",
    accepted: 4,
    merged: 1,
    finds: [
      "kit.csv-fixture.example.net",
      "203.0.113.77",
      "2001:db8::77",
      "https://kit.csv-fixture.example.net/Login",
    ],
    types: ["indicator"],
  },
  {
    format: "text",
    file: "report.txt",
    type: "text/plain",
    query: "?tlp=green",
    accepted: 4,
    merged: 0,
    finds: [
      "https://drop.text-fixture.example.net/gate",
      "203.0.113.90",
      "1b2d3f4a5c6e7d8f",
      "abuse@text-fixture.example.net",
      "CVE-2024-99999",
    ],
    types: ["indicator"],
  },
  {
    format: "incident",
    file: "incident.json",
    type: JSON_TYPE,
    query: "?format=incident&tlp=green",
    accepted: 3,
    merged: 0,
    finds: ["bank.incident-fixture.example.net", "203.0.113.91"],
    keeps: ["Customers of a bank are phished", "take-down"],
    types: ["indicator"],
  },
  {
    format: "text",
    file: "incident.txt",
    type: "text/plain",
    query: "?kind=incident&tlp=green",
    accepted: 3,
    merged: 0,
    finds: ["203.0.113.92", "http://tool.story-fixture.example.net/a"],
    keeps: ["Ransom note on a file server", "We ask for anything you know of this tool"],
    types: ["indicator"],
  },
];

export function submissionCases(scene: Scene): void {
  describe("submissions", () => {
    it.each(FORMATS)("takes $file, and every member reads what was in it", async (form) => {
      const sent = await submitAndWait(scene.as("SG"), form.query, fixture(form.file), form.type);
      expect(sent.body).toMatchObject({ status: "done", format: form.format, problem: null });
      expect(sent.body.counts).toMatchObject({ rejected: 0, unchanged: 0, merged: form.merged });
      expect(sent.body.counts.accepted).toBeGreaterThanOrEqual(form.accepted);
      for (const reader of ["MY", "CN"]) {
        for (const text of form.finds) {
          const item = await itemWith(scene.as(reader, "subscriber"), text);
          expect(item).toMatchObject({ producer: "SG", tlp: "green", realm: "live" });
        }
        const log = await wholeLog(scene.as(reader, "subscriber"));
        const ids = new Set(sent.body.records.flatMap((record: { ids: string[] }) => record.ids));
        const types = new Set(
          log.filter(({ object }) => ids.has(object.id)).map(({ object }) => object.type),
        );
        expect([...types]).toEqual(expect.arrayContaining([...form.types]));
        for (const text of form.keeps ?? []) expect(mentions(log, text), text).toBe(false);
      }
      for (const text of form.keeps ?? []) await itemWith(scene.as("SG", "subscriber"), text);
    });

    it("tells for whom an incident waits until an officer agrees; they know nothing of it before", async () => {
      const title = `Outage at ${freshHost("clinic")}`;
      const report = JSON.stringify({ title, narrative: "Told to one member.", severity: "high" });
      const query = "?format=incident&tlp=amber&to=MY";
      const dry = await scene
        .as("SG")
        .raw(`/v1/submissions${query}&dryRun=true`, report, { "content-type": JSON_TYPE });
      expect(dry.body.waiting).toEqual([{ organisation: "MY", objects: 1, approvers: ["SG:officer"] }]);
      expect(dry.body.recipients.map((one: any) => one.organisation)).not.toContain("MY");
      const { body } = await submitAndWait(scene.as("SG"), query, report, JSON_TYPE);
      expect(body.records).toMatchObject([{ outcome: "accepted", waiting: ["MY"] }]);
      await itemWith(scene.as("SG"), title);
      expect(await knowsNothingOf(scene.as("MY"), title)).toBe(true);
    });

    it("finds the format out by itself", async () => {
      const host = freshHost("detected");
      const { body } = await submitAndWait(
        scene.as("VN"),
        "?tlp=green",
        `value,type\n${host},domain\n`,
        "application/octet-stream",
      );
      expect(body).toMatchObject({ status: "done", format: "csv", counts: { accepted: 1 } });
    });

    it("takes a form whose fields say for whom it is, and stores nothing of one that goes on after its file", async () => {
      const [host, first, second] = [freshHost("form"), freshHost("form"), freshHost("form")];
      const send = async (parts: Parameters<typeof formOf>[0]) => {
        const { body, headers } = formOf(parts);
        return await scene.as("SG").raw("/v1/submissions", body, headers);
      };
      const table = (name: string) => ({ file: `value,type\n${name},domain\n`, type: CSV });
      const dry = await send([["tlp", "amber"], ["to", "MY"], ["dryRun", "true"], table(host)]);
      expect([dry.status, dry.body.counts?.accepted]).toEqual([200, 1]);
      const sent = await send([["tlp", "amber"], ["to", "MY"], table(host)]);
      expect(sent.status, sent.text).toBe(202);
      const before = await scene.as("SG").get("/v1/submissions?limit=1");
      const twice = await send([["tlp", "green"], table(first), table(second)]);
      expect([twice.status, twice.body.code]).toEqual([400, "bad-request"]);
      expect((await scene.as("SG").get("/v1/submissions?limit=1")).body.items[0].id).toBe(
        before.body.items[0].id,
      );
      await waitForSubmission(scene.as("SG"), sent.body.id);
      expect(await itemWith(scene.as("MY", "subscriber"), host)).toMatchObject({ tlp: "amber" });
      expect(await knowsNothingOf(scene.as("CN", "subscriber"), host)).toBe(true);
    });

    it("gives each record one outcome, though its objects are released in several transactions", async () => {
      const analyst = scene.as("TH");
      const attributes = Array.from({ length: 700 }, (_, n) => ({
        type: "domain|ip",
        to_ids: false,
        value: `${freshHost("paired")}|203.0.113.${n % 200}`,
      }));
      const event = { Event: { info: "Pairs", Tag: [{ name: "tlp:green" }], Attribute: attributes } };
      const { body } = await submitAndWait(analyst, "?format=misp", JSON.stringify(event), JSON_TYPE);
      expect(body.counts).toMatchObject({
        records: 701,
        accepted: 701,
        merged: 0,
        unchanged: 0,
        rejected: 0,
      });
      const indexes: number[] = [];
      for (let after = ""; ; ) {
        const page = await analyst.get(`/v1/submissions/${body.id}?limit=300${after}`);
        indexes.push(...page.body.records.map(({ index }: { index: number }) => index));
        if (page.body.next === undefined) break;
        after = `&after=${page.body.next}`;
      }
      expect(indexes).toEqual(Array.from({ length: 701 }, (_, index) => index));
    });

    it("answers a repeat under the same Idempotency-Key with the first one's id, and stores it once", async () => {
      const analyst = scene.as("TH");
      const host = freshHost("idempotent");
      const headers = { "content-type": CSV, "idempotency-key": `key-of-${host}` };
      const send = (body: string) => analyst.raw("/v1/submissions?tlp=green", body, headers);
      const [first, second] = await Promise.all([send(`value\n${host}\n`), send(`value\n${host}\n`)]);
      const third = await send(`value\n${host}\n`);
      expect([first.status, second.status, third.status]).toEqual([202, 202, 202]);
      expect(new Set([first.body.id, second.body.id, third.body.id]).size).toBe(1);
      expect(third.headers.get("idempotency-replayed")).toBe("true");
      await waitForSubmission(analyst, first.body.id);
      const listed = await analyst.get("/v1/submissions?limit=500");
      expect(listed.body.items.filter(({ id }: { id: string }) => id === first.body.id)).toHaveLength(1);
      await itemWith(analyst, host);
      const log = await wholeLog(analyst);
      expect(log.filter(({ object }) => object.type === "indicator" && mentions(object, host))).toHaveLength(
        1,
      );
      const other = await send("value\nanother.example.net\n");
      expect([other.status, other.body.code]).toEqual([422, "idempotency-mismatch"]);
    });

    it("takes the same again as unchanged, and tells nobody twice", async () => {
      const host = freshHost("repeated");
      const table = `value,type\n${host},domain\n`;
      await submitAndWait(scene.as("PH"), "?tlp=green", table, CSV);
      await itemWith(scene.as("MY"), host);
      const again = await submitAndWait(scene.as("PH"), "?tlp=green", table, CSV);
      expect(again.body.counts).toMatchObject({ accepted: 0, unchanged: 1, rejected: 0 });
      const marker = freshHost("marker");
      await submitAndWait(scene.as("PH"), "?tlp=green", `value,type\n${marker},domain\n`, CSV);
      await itemWith(scene.as("MY"), marker);
      const told = (await wholeLog(scene.as("MY"))).filter(({ object }) => mentions(object, host));
      expect(told).toHaveLength(1);
    });

    it("takes a newer version by the originator, and refuses an older one and one after a revocation", async () => {
      const host = freshHost("versions");
      const id = "indicator--5f0c7a86-2f4b-4a0e-8f55-0d4f5f1b9a11";
      const version = (modified: string, name: string, revoked: boolean) =>
        JSON.stringify({
          type: "indicator",
          spec_version: "2.1",
          id,
          created: "2026-03-05T00:00:00.000Z",
          modified,
          revoked,
          name,
          pattern: `[domain-name:value = '${host}']`,
          pattern_type: "stix",
          valid_from: "2026-03-05T00:00:00.000Z",
        });
      const bundle = (object: string) =>
        `{"type":"bundle","id":"bundle--${crypto.randomUUID()}","objects":[${object}]}`;
      const send = async (modified: string, name: string, revoked = false) =>
        (
          await submitAndWait(
            scene.as("ID"),
            "?tlp=green&format=stix",
            bundle(version(modified, name, revoked)),
            JSON_TYPE,
          )
        ).body;
      expect((await send("2026-03-05T00:00:00.000Z", "first version")).counts.accepted).toBe(1);
      expect((await send("2026-03-06T00:00:00.000Z", "second version")).counts.accepted).toBe(1);
      const old = await send("2026-03-05T12:00:00.000Z", "between the two");
      expect(old.counts).toMatchObject({ accepted: 0, rejected: 1 });
      expect(old.records[0]).toMatchObject({ outcome: "rejected", code: "older-version" });
      await itemWith(scene.as("MY"), "second version");
      const log = (await wholeLog(scene.as("MY"))).filter(({ object }) => object.id === id);
      expect(log.map(({ object }) => object.name)).toEqual(["first version", "second version"]);
      const shown = await scene.as("MY").get(`/v1/objects/${id}`);
      expect(shown.body.assertions.map(({ object }: any) => object.name)).toEqual(["second version"]);
      expect((await send("2026-03-07T00:00:00.000Z", "revoked", true)).counts.accepted).toBe(1);
      const late = await send("2026-03-08T00:00:00.000Z", "after the revocation");
      expect(late.records[0]).toMatchObject({ outcome: "rejected", code: "revoked" });
    });

    it("refuses organisations' identities, which Suar serves, from everybody, and keeps what names them", async () => {
      const [host, later] = [freshHost("impostor"), freshHost("impostor-later")];
      const at = "2030-01-01T00:00:00.000Z";
      for (const [by, of] of [
        ["PH", "SG"],
        ["SG", "SG"],
        ["PH", "SG:example-bank"],
      ] as const) {
        const id = suarId("identity", of);
        const identity = { type: "identity", spec_version: "2.1", id, created: at, modified: at, name: host };
        const indicator = indicatorOf(host, { created_by_ref: id });
        const bundle = {
          type: "bundle",
          id: `bundle--${crypto.randomUUID()}`,
          objects: [identity, indicator],
        };
        const query = "?tlp=green&format=stix";
        const { body: dry } = await scene
          .as(by)
          .raw(`/v1/submissions${query}&dryRun=true`, JSON.stringify(bundle));
        const { body } = await submitAndWait(scene.as(by), query, JSON.stringify(bundle), JSON_TYPE);
        for (const { records } of [dry, body])
          expect(records.map(({ code, outcome }: any) => code ?? outcome)).toEqual([
            "another-creator",
            "accepted",
          ]);
        await submitAndWait(
          scene.as(by),
          query,
          JSON.stringify(indicatorOf(later, { created_by_ref: id })),
          JSON_TYPE,
        );
      }
      await itemWith(scene.as("TH"), later);
      const log = await wholeLog(scene.as("TH"));
      const [own, others] = [suarId("identity", "SG"), suarId("identity", "SG:example-bank")];
      for (const [name, ids] of [
        [host, [own, own, others]],
        [later, [own, own, others]],
      ] as const)
        expect(
          log.filter(({ object }) => object.name === name).map(({ object }) => object.created_by_ref),
        ).toEqual(ids);
      expect(log.filter(({ object }) => object.id === own)).toEqual([]);
    });

    it("takes a version that says another created than the one before, and tells its producer", async () => {
      const first = indicatorOf(freshHost("moved"));
      const at = "2026-04-01T00:00:00.000Z";
      const moved = { ...first, created: at, modified: at };
      for (const [object, code] of [
        [first, undefined],
        [moved, "created-differs"],
        [{ ...moved, modified: "2026-04-02T00:00:00.000Z" }, undefined],
      ]) {
        const { body } = await submitAndWait(
          scene.as("ID"),
          "?tlp=green&format=stix",
          JSON.stringify(object),
          JSON_TYPE,
        );
        expect(body.records).toMatchObject([{ outcome: "accepted" }]);
        expect(body.records[0].code).toBe(code);
      }
    });

    it("takes all versions that one submission holds, newest first as they may come", async () => {
      const host = freshHost("versions-at-once");
      const at = (day: number) => `2026-03-0${day}T00:00:00.000Z`;
      const first = indicatorOf(host, { name: "day 1", modified: at(1) });
      const objects = [3, 1, 2].map((day) => ({ ...first, name: `day ${day}`, modified: at(day) }));
      const query = "?tlp=green&format=stix";
      const bundle = JSON.stringify({ type: "bundle", id: `bundle--${crypto.randomUUID()}`, objects });
      const { body: dry } = await scene.as("ID").raw(`/v1/submissions${query}&dryRun=true`, bundle);
      expect(dry.counts).toMatchObject({ accepted: 3, rejected: 0 });
      const { body } = await submitAndWait(scene.as("ID"), query, bundle, JSON_TYPE);
      expect(body.counts).toMatchObject({ accepted: 3, rejected: 0 });
      expect(body.records.map(({ at: place }: any) => place)).toEqual([0, 1, 2].map((n) => `/objects/${n}`));
      await itemWith(scene.as("MY"), "day 3");
      const log = (await wholeLog(scene.as("MY"))).filter(({ object }) => object.id === first.id);
      expect(log.map(({ object }) => object.name)).toEqual(["day 1", "day 2", "day 3"]);
    });

    it("shows by a dry run what would be understood and who would receive it, and stores nothing", async () => {
      const host = freshHost("dry");
      const before = await scene.as("MY").get("/v1/log?after=latest");
      const answer = await scene
        .as("SG")
        .raw(
          "/v1/submissions?tlp=amber&to=MY&dryRun=true",
          `value,type,colour\n${host},domain,red\nnonsense,domain,red\n`,
          {
            "content-type": CSV,
          },
        );
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({
        dryRun: true,
        format: "csv",
        counts: { records: 2, accepted: 1, rejected: 1 },
      });
      expect(mentions(answer.body.records, host)).toBe(true);
      expect(answer.body.losses.map(({ field }: any) => field)).toContain("colour");
      const receivers = answer.body.recipients.map(({ organisation }: any) => organisation);
      // MY's agencies receive it, too; which there are is for MY to tell.
      expect(receivers.sort()).toEqual(["MY", "SG", "SG:example-bank", "SG:example-power"]);
      expect(await knowsNothingOf(scene.as("SG"), host)).toBe(true);
      const listed = await scene.as("SG").get("/v1/submissions?limit=500");
      expect(listed.body.items[0].receivedAt < new Date().toISOString()).toBe(true);
      const after = await scene.as("MY").get("/v1/log?after=latest");
      expect(after.body.head).toBe(before.body.head);
    });

    it("tells by a dry run what the run then does, of things stated before too", async () => {
      const [host, more] = [freshHost("dry-again"), freshHost("dry-again")];
      const analyst = scene.as("SG");
      const table = `value,type\n${host},domain\n${host},domain\n`;
      const said = async (query: string, body: string) => {
        const dry = await analyst.raw(`/v1/submissions${query}&dryRun=true`, body, { "content-type": CSV });
        const real = await submitAndWait(analyst, query, body, CSV);
        expect(dry.body.counts).toEqual(real.body.counts);
        const brief = ({ index, outcome, code, ids }: any) => ({ index, outcome, code, ids });
        expect(dry.body.records.map(brief)).toEqual(real.body.records.map(brief));
        return dry.body.recipients.map(({ organisation }: any) => organisation).sort();
      };
      const own = ["SG", "SG:example-bank", "SG:example-power"];
      const first = await said("?tlp=amber%2Bstrict&to=MY", table);
      expect(first).toEqual(["MY", "SG"]);
      expect(await said("?tlp=amber%2Bstrict&to=MY", table)).toEqual([]);
      expect(await said("?tlp=amber%2Bstrict&to=MY,TH", table)).toEqual(["TH"]);
      expect(await said("?tlp=amber%2Bstrict&to=TH", `${table}${more},domain\n`)).toEqual(["SG", "TH"]);
      expect(await said("?tlp=green", `value,type\n${host},domain\n`)).toEqual(expect.arrayContaining(own));
    });

    it("goes to those whom the report itself names, under the marking that it bears", async () => {
      const host = freshHost("named-inside");
      const report = {
        title: `About ${host}`,
        narrative: "Text.",
        indicators: [host],
        tlp: "amber",
        to: ["MY"],
      };
      const sent = await submitAndWait(scene.as("SG"), "?format=incident", JSON.stringify(report), JSON_TYPE);
      expect(sent.body).toMatchObject({ status: "done", counts: { rejected: 0 } });
      expect(await itemWith(scene.as("MY"), host)).toMatchObject({ tlp: "amber", producer: "SG" });
      expect(await knowsNothingOf(scene.as("CN"), host)).toBe(true);
    });

    it("is addressed to a group's members, and to those alone", async () => {
      const host = freshHost("group");
      const { body } = await scene.as("SG").get("/v1/groups");
      const asean = body.items.find(({ code }: { code: string }) => code === "ASEAN");
      expect(asean.members).toHaveLength(11);
      await reportHosts(scene.as("SG"), "?tlp=amber&to=ASEAN", [host]);
      expect(await itemWith(scene.as("VN"), host)).toMatchObject({ tlp: "amber", producer: "SG" });
      expect(await itemWith(scene.as("MY"), host)).toMatchObject({ producer: "SG" });
      expect(await knowsNothingOf(scene.as("CN"), host)).toBe(true);
      const draft = { title: "t", body: "b", tlp: "amber", to: ["ASEAN", "CN"] };
      const advisory = await scene.as("SG").post("/v1/advisories", draft);
      expect(advisory.body.to).toEqual(["CN", ...asean.members].sort());
    });

    it("refuses what is unmarked, what is RED, and recipients that there are not", async () => {
      const send = (query: string) =>
        scene
          .as("SG")
          .raw(`/v1/submissions${query}`, "value\nrefused.example.net\n", { "content-type": CSV });
      const codes = await Promise.all([send(""), send("?tlp=red"), send("?tlp=green&to=XX")]);
      expect(codes.map(({ status, body }) => [status, body.code])).toEqual([
        [422, "unmarked"],
        [422, "red-needs-people"],
        [422, "unknown-member"],
      ]);
    });
  });
}
