import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Caller, submitAndWait, until, wholeLog } from "../../support/api.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";

const ORIGIN = "https://taxii.example/root/collections/c/";
const PULLED = `&format=stix&origin=${encodeURIComponent(ORIGIN)}&originAdded=2026-01-02T03:04:05.000000Z`;
const RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";

async function pulled(by: Caller, objects: readonly unknown[], query = "?tlp=green"): Promise<any> {
  const body = JSON.stringify({ objects });
  return (await submitAndWait(by, `${query}${PULLED}`, body, "application/json")).body;
}

/** Until TH was told. */
async function withdrawn(scene: Scene, member: string, id: string): Promise<void> {
  const answer = await scene.as(member, "officer").post(`/v1/objects/${id}/withdraw`, { reason: "x" });
  expect(answer.status, answer.text).toBe(200);
  await until(20_000, "the withdrawal", async () =>
    (await wholeLog(scene.as("TH"))).find((item) => item.kind === "withdrawn" && item.object.id === id),
  );
}

const outcomes = ({ records }: any): string[] => records.map(({ outcome }: any) => outcome);

/** What was pulled from somewhere is not its submitter's word: it must not come round again. */
export function originCases(scene: Scene): void {
  describe("what was pulled", () => {
    it("says where it came from, to its submitter alone", async () => {
      const host = freshHost("origin");
      const submission = await pulled(scene.as("VN"), [indicatorOf(host)]);
      expect(submission).toMatchObject({ status: "done", counts: { accepted: 1 } });
      expect(submission.origin).toEqual({ url: ORIGIN, added: "2026-01-02T03:04:05.000000Z" });
      expect(await itemWith(scene.as("TH"), host)).toMatchObject({ producer: "VN" });
      expect(mentions(await wholeLog(scene.as("TH")), "taxii.example")).toBe(false);
    });

    it("is unchanged where its submitter was sent it, and news where it was not", async () => {
      const [host, seen] = [freshHost("origin-amber"), freshHost("origin-observed")];
      await reportHosts(scene.as("SG"), "?tlp=amber&to=TH", [host]);
      const observable = { type: "domain-name", id: `domain-name--${randomUUID()}`, value: seen };
      const body = JSON.stringify(observable);
      await submitAndWait(scene.as("SG"), "?tlp=amber&to=TH&format=stix", body, "application/json");
      const released = [await itemWith(scene.as("TH"), host), await itemWith(scene.as("TH"), seen)];
      const objects = released.map(({ object }) => object);
      const before = (await wholeLog(scene.as("TH"))).length;

      const echoed = await pulled(scene.as("TH"), objects);
      expect(outcomes(echoed)).toEqual(["unchanged", "unchanged"]);
      expect(echoed.counts).toMatchObject({ records: 2, accepted: 0, unchanged: 2, rejected: 0 });
      // Under another marking it is the same thing once more.
      const unmarked = objects.map(({ object_marking_refs: _, ...rest }) => rest);
      expect(outcomes(await pulled(scene.as("TH"), unmarked, "?tlp=clear"))).toEqual([
        "unchanged",
        "unchanged",
      ]);
      expect((await wholeLog(scene.as("TH"))).length).toBe(before);

      const stranger = await pulled(scene.as("CN"), objects);
      expect(outcomes(stranger)).toEqual(["accepted", "accepted"]);
      const newer = { ...objects[0], modified: "2029-01-01T00:00:00.000Z" };
      expect(outcomes(await pulled(scene.as("TH"), [newer]))).toEqual(["accepted"]);
    });

    it("is unchanged where it is the submitter's own, whatever its marking became", async () => {
      const object = indicatorOf(freshHost("origin-own"));
      const body = JSON.stringify(object);
      await submitAndWait(scene.as("PH"), "?tlp=green&format=stix", body, "application/json");
      expect(outcomes(await pulled(scene.as("PH"), [object], "?tlp=amber"))).toEqual(["unchanged"]);
      const { body: dry } = await scene.as("PH").raw(`/v1/submissions?tlp=amber&dryRun=true${PULLED}`, body);
      expect(outcomes(dry)).toEqual(["unchanged"]);
    });

    it("is taken where another stated other things under its id and version, withdrawn or not", async () => {
      for (const isWithdrawn of [false, true]) {
        const [host, decoy] = [freshHost("origin-true"), freshHost("origin-squatted")];
        const object = indicatorOf(host);
        const squatted = JSON.stringify(indicatorOf(decoy, { id: object.id }));
        await submitAndWait(scene.as("PH"), "?tlp=green&format=stix", squatted, "application/json");
        await itemWith(scene.as("TH"), decoy);
        if (isWithdrawn) await withdrawn(scene, "PH", object.id);
        expect(outcomes(await pulled(scene.as("TH"), [object]))).toEqual(["accepted"]);
        expect(await itemWith(scene.as("VN"), host)).toMatchObject({ producer: "TH" });
        expect(outcomes(await pulled(scene.as("TH"), [object], "?tlp=clear"))).toEqual(["unchanged"]);
      }
    });

    it("does not bring back what was withdrawn", async () => {
      const host = freshHost("origin-withdrawn");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      const { object } = await itemWith(scene.as("TH"), host);
      await withdrawn(scene, "SG", object.id);
      const { records } = await pulled(scene.as("TH"), [object]);
      expect(records).toMatchObject([{ outcome: "rejected", code: "already-withdrawn" }]);
    });

    it("is judged object by object: TLP:RED with all that it contains, and what nobody marked", async () => {
      const [child, other] = [indicatorOf(freshHost("origin-red")), indicatorOf(freshHost("origin-other"))];
      const at = "2026-03-01T00:00:00.000Z";
      const report = {
        type: "report",
        spec_version: "2.1",
        id: `report--${randomUUID()}`,
        created: at,
        modified: at,
        name: "red",
        published: at,
        object_refs: [child.id],
        object_marking_refs: [RED],
      };
      const marked = await pulled(scene.as("ID"), [child, report, other]);
      const byIndex = marked.records.map(({ outcome, code }: any) => code ?? outcome);
      expect(byIndex).toEqual(["red-needs-people", "red-needs-people", "accepted"]);
      expect(marked.counts).toMatchObject({ records: 3, accepted: 1, rejected: 2 });
      const green = { object_marking_refs: ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"] };
      const unmarked = await pulled(
        scene.as("ID"),
        [indicatorOf(freshHost("origin-bare")), indicatorOf(freshHost("origin-green"), green)],
        "?",
      );
      expect(unmarked.records.map(({ outcome, code }: any) => code ?? outcome)).toEqual([
        "unmarked",
        "accepted",
      ]);
    });

    it("may refer to what its submitter holds, and tells nobody of it who has it not", async () => {
      const [host, name] = [freshHost("origin-held"), freshHost("origin-ref")];
      await reportHosts(scene.as("SG"), "?tlp=amber&to=TH", [host]);
      const { object } = await itemWith(scene.as("TH"), host);
      const at = "2026-03-01T00:00:00.000Z";
      const note = {
        type: "note",
        spec_version: "2.1",
        id: `note--${randomUUID()}`,
        created: at,
        modified: at,
        content: name,
        object_refs: [object.id, `malware--${randomUUID()}`],
      };
      expect(outcomes(await pulled(scene.as("TH"), [object, note]))).toEqual(["unchanged", "accepted"]);
      await itemWith(scene.as("SG"), name);
      const seen = await wholeLog(scene.as("VN"));
      expect(mentions(seen, object.id)).toBe(false);
    });
  });
}
