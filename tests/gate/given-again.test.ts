import { approve } from "@suar/gate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askedOf, type GateScene, item, officer, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

async function readdress(stixId: string, to: string[]): Promise<void> {
  const path = `/v1/objects/${stixId}/marking`;
  const { headers } = await scene.as("SG").get(path);
  const held = { "if-match": headers.get("etag") ?? "" };
  const { status, text } = await scene.as("SG").send("POST", path, { to }, held);
  if (status !== 200) throw new Error(text);
  await scene.settled();
}

/** What was decided of the last entry of an object that each organisation got, as it is kept. */
async function keptOf(stixId: string): Promise<Map<string, any>> {
  const { rows } = await scene.owner.query<{ code: string; body: string }>(
    `SELECT o.code, d.body FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
       JOIN live.decision d ON d.id = l.decision_id
       JOIN live.audience_organisation a ON a.audience_id = l.audience_id
       JOIN core.organisation_code o ON o.id = a.organisation_id
      WHERE l.kind = 'released' AND (r.stix_id = $1 OR r.copy_of IN (SELECT id FROM live.rendition WHERE stix_id = $1))
      ORDER BY l.seq`,
    [stixId],
  );
  return new Map(rows.map(({ code, body }) => [code, JSON.parse(body)]));
}

describe("what was approved", () => {
  test.each([
    ["whole", {}],
    ["redacted", { description: "told by tan.ah.kow@victim.example.sg" }],
  ])(
    "goes to whom it is given again, %s, by the approval that it had: two under one copy each by its own",
    async (how, said) => {
      const context = await scene.context("SG");
      const object = thing("incident", { name: "zebrafinch", ...said });
      await scene.state(context, item(object, { to: ["MY", "TH"] }));
      const asked = await askedOf(scene, object.id);
      const agree = async (id: string, name: string) =>
        await scene.write(async (db) => await approve(db, context, id, officer(name)));
      for (const { id } of asked) expect(await agree(id, `of-${id}`)).toBe("released");
      const first = await keptOf(object.id);
      expect([...first.keys()].sort()).toEqual(["MY", "SG", "TH"]);
      const lineOf = async (member: string) => {
        const { body } = await scene.as("SG").get(`/v1/explain?object=${object.id}&member=${member}`);
        return body.stated.recipients[0];
      };
      const { id: shown } = (await lineOf("MY")).entry;
      expect(shown === object.id).toBe(how === "whole");
      await readdress(object.id, ["VN"]);
      expect(await scene.told("MY", shown)).toEqual(["withdrawn"]);
      await readdress(object.id, ["MY", "TH"]);
      expect(await scene.told("MY", shown)).toEqual(["released", "released"]);
      expect((await scene.as("TH").get(`/v1/objects/${shown}`)).status).toBe(200);
      const again = await keptOf(object.id);
      expect(again).toEqual(first);
      for (const member of ["MY", "TH"]) {
        const kept = again.get(member);
        expect(kept).toMatchObject({
          decision: "approve",
          approved: { approvals: 1, roles: ["SG:officer"] },
        });
        expect(kept.obligations).not.toEqual([]);
        expect(kept.bases).toEqual([expect.stringMatching(new RegExp(`^SG>${member}@`))]);
        expect(kept.approvals).toHaveLength(1);
        const now = { state: "released", differs: false, kept: { approved: { approvals: 1 } } };
        expect(await lineOf(member)).toMatchObject(now);
      }
      expect(again.get("MY").approvals).not.toEqual(again.get("TH").approvals);
    },
  );
});
