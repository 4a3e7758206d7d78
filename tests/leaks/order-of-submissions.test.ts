import { expect, test } from "vitest";
import { waitForSubmission } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { newId, STIX, thing, useStatements } from "./statements.ts";

/** What one submission withholds, the next of the same producer does not name, however long the first takes. */
const scene = useStatements();

test("what names others waits for the submissions before it, and nothing else does", async () => {
  const sg = scene.said.as("SG");
  const type = { "content-type": STIX };
  const send = async (query: string, ...objects: object[]): Promise<string> => {
    const answer = await sg.raw(`/v1/submissions${query}`, bundleOf(...objects), type);
    expect(answer.status, answer.text).toBe(202);
    return answer.body.id;
  };
  const hidden = Array.from({ length: 6_000 }, () => thing());
  const last = hidden.at(-1)?.id;
  const about = (names: readonly unknown[]) =>
    thing("report", { published: "2026-05-01T00:00:00.000Z", object_refs: names });
  const [naming, again] = [about([last, newId("malware")]), about([last, newId("malware")])];
  const alone = thing();
  const first = await send("?tlp=amber%2Bstrict", ...hidden);
  const waiting = [await send("?tlp=green", naming), await send("?tlp=green", again)];
  const free = await send("?tlp=green", alone);

  const draft = { title: "t", body: "b", tlp: "green", references: [last] };
  const { body: advisory } = await sg.post("/v1/advisories", draft);
  const second = scene.said.as("SG", "officer");
  const early = await second.post(`/v1/advisories/${advisory.id}/publish`);
  expect([early.status, early.body.code], early.text).toEqual([409, "conflict"]);

  await waitForSubmission(sg, free);
  expect((await sg.get(`/v1/submissions/${first}`)).body.status).toBe("normalizing");
  for (const id of waiting) {
    const done = await waitForSubmission(sg, id);
    expect(done.body, done.text).toMatchObject({ status: "done", counts: { accepted: 1 } });
    expect((await sg.get(`/v1/submissions/${first}`)).body.status).toBe("done");
  }
  expect((await second.post(`/v1/advisories/${advisory.id}/publish`)).status).toBe(200);
  const theirs = await scene.said.text("CN");
  expect(theirs).toContain(naming.name);
  expect(theirs).toContain(again.name);
  expect(theirs).not.toContain(last);
});
