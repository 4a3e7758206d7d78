import { parseReceipt } from "@suar/merkle";
import { describe, expect, it } from "vitest";
import { type Caller, submitAndWait, until, wholeLog } from "../../support/api.ts";
import { changePairPolicy } from "../../support/policy-change.ts";
import { addPerson, signInAs } from "../../support/sessions.ts";
import {
  ADDRESS,
  agree,
  approvalOf,
  askFor,
  codeOf,
  incidentOf,
  refuse,
  secondOfficer,
} from "../approval-scene.ts";
import { bundleOf } from "../indicator-of.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, type Scene } from "../scene.ts";
import { taxiiCaller } from "../taxii-caller.ts";

export function approvalCases(scene: Scene): void {
  const officer = (member: string): Caller => scene.as(member, "officer");
  const deputy = async (member: string, friend: string): Promise<Caller> =>
    await secondOfficer(officer(member), officer(friend), scene.withKey);
  const noticesOf = async (member: string, id: string): Promise<any[]> =>
    (await wholeLog(scene.as(member), "&kinds=alert"))
      .map(({ object }) => object)
      .filter(({ labels, content }) => labels?.[0]?.startsWith("approval-") && content.includes(id));
  const noticed = async (member: string, id: string, label: string): Promise<any> =>
    await until(30_000, `${label} at ${member}`, async () =>
      (await noticesOf(member, id)).find(({ labels }) => labels[0] === label),
    );
  const outcome = async (by: Caller, submission: string) =>
    (await by.get(`/v1/submissions/${submission}`)).body.approvals;

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

  describe("an approval", () => {
    it("is never the submitter's own, whatever key or session it comes by", async () => {
      const both = await officer("SG").post("/v1/keys", { roles: ["analyst", "officer"], label: "both" });
      const own = scene.withKey(both.body.key);
      const { id } = await askFor(own, "CN", incidentOf(freshHost("approval-own")));
      for (const [how, cheat] of Object.entries(await disguises(scene, officer("SG"))))
        expect([how, ...codeOf(await agree(cheat, id))]).toEqual([how, 409, "second-person-needed"]);
      for (const by of [own, officer("SG")])
        expect(codeOf(await agree(by, id))).toEqual([409, "second-person-needed"]);
      expect((await agree(await deputy("SG", "MY"), id)).body.state).toBe("approved");
    });

    it("takes two people where the rule wants four eyes, and no officer is two of them", async () => {
      const name = freshHost("approval-four");
      const incident = incidentOf(name, { labels: ["sector:energy"] });
      const { id } = await askFor(scene.as("SG"), "CN", incident);
      expect((await approvalOf(officer("SG"), id)).body).toMatchObject({
        fourEyes: true,
        asked: [{ approver: "SG:officer", needed: 2, given: 0 }],
      });
      const first = await agree(officer("SG"), id);
      expect(first.body, first.text).toMatchObject({ state: "pending", asked: [{ given: 1 }] });
      for (const [how, cheat] of Object.entries(await disguises(scene, officer("SG"))))
        expect([how, ...codeOf(await agree(cheat, id))]).toEqual([how, 409, "second-person-needed"]);
      expect(codeOf(await agree(officer("SG"), id))).toEqual([409, "second-person-needed"]);
      expect(await knowsNothingOf(scene.as("CN"), name)).toBe(true);
      const second = await agree(await deputy("SG", "MY"), id);
      expect(second.body, second.text).toMatchObject({ state: "approved", approvals: [{}, {}] });
      await itemWith(scene.as("CN"), name);
    });

    it("is of what was read: of anything else under If-Match it is none", async () => {
      const { id } = await askFor(scene.as("SG"), "CN", incidentOf(freshHost("approval-seen")));
      expect(codeOf(await agree(officer("SG"), id, {}))).toEqual([400, "bad-request"]);
      expect(codeOf(await agree(officer("SG"), id, { "if-match": '"0123456789abcdef"' }))).toEqual([
        412,
        "edited-meanwhile",
      ]);
      const { body, headers } = await approvalOf(officer("SG"), id);
      expect([body.state, headers.get("etag")]).toEqual(["pending", `"${body.etag}"`]);
      const key = { "if-match": `"${body.etag}"`, "idempotency-key": id };
      const [once, again] = [await agree(officer("SG"), id, key), await agree(officer("SG"), id, key)];
      expect([once.body.state, again.body]).toEqual(["approved", once.body]);
    });

    it("asks anew where the policy is another by then, and the submitter does not get to answer", async () => {
      const name = freshHost("approval-anew");
      const both = await officer("ID").post("/v1/keys", { roles: ["analyst"], label: "analyst" });
      const { id, submission } = await askFor(scene.withKey(both.body.key), "TL", incidentOf(name));
      const other = await deputy("ID", "MY");
      await changePairPolicy(officer, ["ID", "TL", "MY"], () => ({ deadlineHours: 3 }));
      // The pass over what the policy touches may be there before the officer.
      const { body: read } = await approvalOf(other, id);
      expect(read.copies).toEqual([]);
      expect(read.isOutdated || read.state === "lapsed").toBe(true);
      const done = await agree(other, id);
      if (done.status !== 200) expect(codeOf(done)).toEqual([409, "conflict"]);
      const { body: outdated } = await approvalOf(other, id);
      expect(outdated).toMatchObject({ state: "lapsed", lapsed: "decided-anew" });
      const [anew] = outdated.askedAnew;
      expect(await knowsNothingOf(scene.as("TL"), name)).toBe(true);
      expect(await outcome(scene.as("ID"), submission.id)).toMatchObject([
        { id },
        { id: anew, state: "pending" },
      ]);
      expect(codeOf(await agree(officer("ID"), anew))).toEqual([409, "second-person-needed"]);
      expect((await agree(other, anew)).body.state).toBe("approved");
      await itemWith(scene.as("TL"), name);
    });

    it("of the other member's officer comes after the producer's, who alone know of it before", async () => {
      await changePairPolicy(officer, ["LA", "BN", "MY"], ({ rules }) => ({
        rules: rules.map((rule) =>
          rule.then === "approve" ? { ...rule, approvers: ["LA:officer", "BN:officer"] } : rule,
        ),
      }));
      const name = freshHost("approval-both");
      const { id, object } = await askFor(scene.as("LA"), "BN", incidentOf(name));
      for (const answer of [
        await approvalOf(officer("BN"), id),
        await agree(officer("BN"), id),
        await refuse(officer("BN"), id),
      ])
        expect(codeOf(answer)).toEqual([404, "not-found"]);
      await noticed("LA", id, "approval-asked");
      expect(await noticesOf("BN", id)).toEqual([]);
      expect((await agree(officer("LA"), id)).body.state).toBe("pending");
      const notice = await noticed("BN", id, "approval-asked");
      expect(mentions(notice, object.id)).toBe(false);
      const { body, text } = await approvalOf(officer("BN"), id);
      expect(body).toMatchObject({ object: null, original: null, copies: [{ organisations: ["BN"] }] });
      expect(body.approvals).toMatchObject([{ approver: "LA:officer", by: null }]);
      for (const secret of [object.id, ADDRESS]) expect(text).not.toContain(secret);
      // Its analysts are not asked, and it is not theirs yet.
      expect(codeOf(await approvalOf(scene.as("BN"), id))).toEqual([404, "not-found"]);
      expect(await knowsNothingOf(scene.as("BN"), name)).toBe(true);
      expect((await agree(officer("BN"), id)).body.state).toBe("approved");
      expect((await itemWith(scene.as("BN"), name)).object).toEqual(body.copies[0].object);
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
        const released = await until(10_000, "what came of it", async () => {
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

/** Ways in which an officer could look like another person, all by what the officer itself can make. */
async function disguises(scene: Scene, officer: Caller): Promise<Record<string, Caller>> {
  const session = async (of: Caller, person: string) => (await signInAs(of, person, scene.withKey)).api;
  const key = async (of: Caller): Promise<Caller> => {
    const { body } = await of.post("/v1/keys", { roles: ["officer"], label: "another" });
    return scene.withKey(body.key);
  };
  const own = await key(officer);
  const person = await session(officer, await addPerson(officer, "Made up", { roles: ["officer"] }));
  const known = (await officer.get("/v1/people?limit=500")).body.items.find(
    ({ roles, title }: any) => roles.includes("officer") && title.includes("on duty"),
  );
  return {
    "a key": own,
    "a key of that key": await key(own),
    "a person's session": person,
    "a key of that session": await key(person),
    "a session by that session's link": await session(
      person,
      await addPerson(person, "Two", { roles: ["officer"] }),
    ),
    "a session of a person whom another added": await session(own, known.id),
  };
}
