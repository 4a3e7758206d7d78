import { describe, expect, it } from "vitest";
import type { Caller } from "../../support/api.ts";
import { changePairPolicy } from "../../support/policy-change.ts";
import { addPerson, signInAs } from "../../support/sessions.ts";
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

export function approverCases(scene: Scene): void {
  const { deputy, noticed, noticesOf, officer, outcome } = approvalScene(scene);

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
