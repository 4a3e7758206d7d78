import { describe, expect, it } from "vitest";
import { submitAndWait, waitForSubmission, wholeLog } from "../../support/api.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, reportHosts, type Scene } from "../scene.ts";

const CSV = "text/csv";
const JSON_TYPE = "application/json";

export function submissionCases(scene: Scene): void {
  describe("submissions", () => {
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
      // MY's agencies receive it, too; which there are is for MY to tell. Its own were not named.
      expect(receivers.sort()).toEqual(["MY", "SG"]);
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
