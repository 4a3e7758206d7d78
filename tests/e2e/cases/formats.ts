import { describe, expect, it } from "vitest";
import { submitAndWait, waitForSubmission, wholeLog } from "../../support/api.ts";
import { formOf } from "../../support/form.ts";
import { fixture, freshHost, itemWith, knowsNothingOf, mentions, type Scene } from "../scene.ts";

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

export function formatCases(scene: Scene): void {
  describe("formats of submissions", () => {
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
  });
}
