import { parseReceipt } from "@suar/merkle";
import { describe, expect, it } from "vitest";
import { submitAndWait, until } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import {
  ADDRESS,
  agree,
  approvalOf,
  approvalScene,
  askFor,
  codeOf,
  incidentOf,
  refuse,
} from "../approval-scene.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, type Scene } from "../scene.ts";
import { taxiiCaller } from "../taxii-caller.ts";

export function approvalCases(scene: Scene): void {
  const { deputy, noticed, noticesOf, officer, outcome } = approvalScene(scene);

  describe("what waits for an approval", () => {
    it("is nothing to its recipient on any channel, and comes redacted once an officer has agreed", async () => {
      const name = freshHost("approval");
      const { object, id, submission } = await askFor(scene.as("SG"), "CN", incidentOf(name));
      expect(submission.approvals).toMatchObject([
        {
          object: object.id,
          state: "pending",
          organisations: ["CN"],
          asked: [{ approver: "SG:officer", needed: 1, given: 0 }],
        },
      ]);
      await noticed("SG", id, "approval-asked");
      expect(await noticesOf("CN", id)).toEqual([]);
      expect(await knowsNothingOf(scene.as("CN"), name)).toBe(true);
      expect((await scene.as("CN").get(`/v1/objects/${object.id}`)).status).toBe(404);
      const taxii = taxiiCaller(scene.url, scene.key("CN", "subscriber"));
      expect(mentions(await taxii.all("/taxii2/live/collections/all/objects/"), name)).toBe(false);
      for (const by of [officer("CN"), scene.as("CN"), officer("MY")]) {
        expect(codeOf(await approvalOf(by, id))).toEqual([404, "not-found"]);
        expect(mentions((await by.get("/v1/approvals?limit=500")).body, id)).toBe(false);
      }
      for (const by of [officer("CN"), officer("MY")])
        expect([codeOf(await agree(by, id)), codeOf(await refuse(by, id))]).toEqual(
          Array(2).fill([404, "not-found"]),
        );

      const read = (await approvalOf(officer("SG"), id)).body;
      expect(read).toMatchObject({
        state: "pending",
        producer: "SG",
        organisations: ["CN"],
        isOutdated: false,
        original: { id: object.id, description: object.description },
        copies: [{ organisations: ["CN"] }],
        obligations: expect.arrayContaining(["no-onward"]),
      });
      expect(read.reasons).toContainEqual(
        expect.objectContaining({
          code: "approval-needed",
          rule: "pairs/SG-CN.json@1#incidents-by-approval",
          guide: "guide:victim-notification",
        }),
      );
      const done = await agree(officer("SG"), id, { "if-match": `"${read.etag}"` });
      expect(done.body, done.text).toMatchObject({ state: "approved", askedAnew: [] });

      const item = await itemWith(scene.as("CN"), name);
      expect(item.object).toEqual(read.copies[0].object);
      expect(mentions(item, ADDRESS) || mentions(item, object.id)).toBe(false);
      expect(await outcome(scene.as("SG"), submission.id)).toMatchObject([{ id, state: "approved" }]);
      await noticed("SG", id, "approval-approved");
      expect(codeOf(await agree(officer("SG"), id))).toEqual([409, "conflict"]);
      expect(codeOf(await refuse(officer("SG"), id))).toEqual([409, "conflict"]);

      // Its receipt says that it was approved; by whom, and by which rule, the originator's copy of the decision does.
      const why = await until(20_000, "the receipt", async () => {
        const { status, text } = await scene.as("CN").get(`/v1/tlog/receipts/${item.seq}`);
        const read = status === 200 ? parseReceipt(text) : undefined;
        return read?.ok && "value" in read.value.groups.why
          ? JSON.parse(read.value.groups.why.value)
          : undefined;
      });
      expect(why).toMatchObject({ decision: "approve", obligations: read.obligations });
    });

    it("is told in a dry run: who would wait for whom", async () => {
      const body = bundleOf(incidentOf(freshHost("approval-dry")));
      const dry = await scene
        .as("SG")
        .raw("/v1/submissions?tlp=amber&to=CN,MY&format=stix&dryRun=true", body, {
          "content-type": "application/json",
        });
      expect(dry.body.waiting).toEqual(
        ["CN", "MY"].map((organisation) => ({ organisation, objects: 1, approvers: ["SG:officer"] })),
      );
      expect(mentions((await officer("SG").get("/v1/approvals?limit=500")).body, "approval-dry")).toBe(false);
    });

    it("stays where it is when it is refused, and the submitter reads why; it is not asked again", async () => {
      const name = freshHost("approval-refused");
      const { object, id, submission } = await askFor(scene.as("SG"), "CN", incidentOf(name));
      expect((await scene.as("SG").post(`/v1/approvals/${id}/refusal`, { reason: "x" })).status).toBe(403);
      const done = await refuse(officer("SG"), id, "It names the victim");
      expect(done.body, done.text).toMatchObject({ state: "refused", refusal: "It names the victim" });
      expect(await outcome(scene.as("SG"), submission.id)).toMatchObject([
        { id, state: "refused", refusal: "It names the victim" },
      ]);
      expect((await noticed("SG", id, "approval-refused")).content).toContain("It names the victim");
      const again = await submitAndWait(
        scene.as("SG"),
        "?tlp=amber&to=CN&format=stix",
        bundleOf(object),
        "application/json",
      );
      expect(again.body.approvals).toMatchObject([{ id, state: "refused" }]);
      expect(codeOf(await agree(officer("SG"), id))).toEqual([409, "conflict"]);
      expect(await knowsNothingOf(scene.as("CN"), name)).toBe(true);
    });

    it("is asked no more when it is withdrawn", async () => {
      const { object, id, submission } = await askFor(
        scene.as("SG"),
        "CN",
        incidentOf(freshHost("approval-gone")),
      );
      expect((await scene.as("SG").post(`/v1/objects/${object.id}/withdraw`)).status).toBe(200);
      expect(codeOf(await agree(officer("SG"), id))).toEqual([409, "conflict"]);
      expect(await outcome(scene.as("SG"), submission.id)).toMatchObject([
        { state: "lapsed", lapsed: "withdrawn" },
      ]);
      expect((await approvalOf(officer("SG"), id)).body).toMatchObject({ original: null, copies: [] });
      await noticed("SG", id, "approval-lapsed");
    });

    it("of an agency is asked of its CERT's officer, and told to both, and to nobody else of the member", async () => {
      const issue = async (roles: string[]) =>
        scene.withKey(
          (
            await officer("SG").post("/v1/keys", {
              organisation: "SG:example-power",
              roles,
              label: "approvals",
            })
          ).body.key,
        );
      const [analyst, own] = [await issue(["analyst"]), await issue(["officer"])];
      // All of them act on the officer's word, who issued their keys: another officer has to agree.
      const other = await deputy("SG", "TH");
      const { id, object } = await askFor(analyst, "CN", incidentOf(freshHost("approval-agency")));
      expect((await approvalOf(analyst, id)).body.original.id).toBe(object.id);
      expect(codeOf(await approvalOf(scene.as("SG"), id))).toEqual([404, "not-found"]);
      expect(codeOf(await agree(own, id))).toEqual([403, "forbidden"]);
      const asked = await noticed("SG", id, "approval-asked");
      expect(mentions(asked, object.id)).toBe(false);
      expect(codeOf(await agree(officer("SG"), id))).toEqual([409, "second-person-needed"]);
      expect((await approvalOf(other, id)).body.original.id).toBe(object.id);
      expect((await agree(other, id)).body.state).toBe("approved");
    });
  });

  describe("who settle one at once", () => {
    const settledOnce = async (ask: (id: string, object: any) => Promise<any>[]): Promise<void> => {
      for (let n = 0; n < 4; n++) {
        const name = freshHost("approval-race");
        const { id, object, submission } = await askFor(scene.as("VN"), "TH", incidentOf(name));
        const answers = await Promise.all(ask(id, object));
        for (const { status, text } of answers) expect([200, 409], text).toContain(status);
        const [end] = await outcome(scene.as("VN"), submission.id);
        expect(end.state).not.toBe("pending");
        const released = await until(30_000, "what came of it", async () => {
          const gone = await knowsNothingOf(scene.as("TH"), name);
          return end.state === "approved" && gone ? undefined : !gone;
        });
        expect(released).toBe(end.state === "approved");
      }
    };

    it("come to one outcome: approved by two, approved and refused", async () => {
      const other = await deputy("VN", "MY");
      await settledOnce((id) => [agree(officer("VN"), id), agree(other, id)]);
      await settledOnce((id) => [agree(officer("VN"), id), refuse(other, id)]);
    });

    it("come to one outcome beside a withdrawal, which is always the last word", async () => {
      for (let n = 0; n < 4; n++) {
        const name = freshHost("approval-against");
        const { id, object } = await askFor(scene.as("VN"), "TH", incidentOf(name));
        const [approved, withdrawn] = await Promise.all([
          agree(officer("VN"), id),
          scene.as("VN").post(`/v1/objects/${object.id}/withdraw`),
        ]);
        expect([200, 409], approved.text).toContain(approved.status);
        expect(withdrawn.status, withdrawn.text).toBe(200);
        if (approved.status === 200) await itemWith(scene.as("TH"), `${object.type}--`, "withdrawn");
        expect(await knowsNothingOf(scene.as("TH"), name)).toBe(true);
      }
    });
  });
}
