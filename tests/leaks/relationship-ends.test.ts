import { describe, expect, test } from "vitest";
import { newId, READERS, thing, tie, useStatements } from "./statements.ts";

/** A relationship tells of both its ends: it reaches nobody from whom one of them is withheld (DESIGN 3). */
const scene = useStatements();

describe("a relationship", () => {
  test("goes to those who got both its ends, stated before", async () => {
    const [narrow, wide] = [thing(), thing()];
    await scene.said.state("SG", "?tlp=amber&to=MY", narrow);
    await scene.said.state("SG", "?tlp=green", wide);
    const relationship = tie(wide.id, narrow.id);
    expect(Object.keys(await scene.said.foretold("?tlp=amber&to=MY,TH", relationship))).toEqual(["SG", "MY"]);
    await scene.said.state("SG", "?tlp=amber&to=MY,TH", relationship);
    expect(await scene.said.reached(relationship.id)).toEqual(["SG", "MY"]);
  });

  test("takes the stricter marking of its ends, stated before", async () => {
    const end = thing();
    await scene.said.state("SG", "?tlp=amber&to=MY", end);
    const relationship = tie(end.id, end.id);
    await scene.said.state("SG", "?tlp=green", relationship);
    expect(await scene.said.reached(relationship.id)).toEqual(["SG"]);
  });

  test("goes no further than its ends when it is addressed to more later", async () => {
    const end = thing();
    await scene.said.state("SG", "?tlp=amber&to=MY", end);
    const relationship = tie(end.id, end.id);
    await scene.said.state("SG", "?tlp=amber&to=MY", relationship);
    expect(await scene.said.counted("SG", "?tlp=amber&to=MY,TH", relationship)).toMatchObject({
      unchanged: 1,
    });
    expect(await scene.said.reached(relationship.id)).toEqual(["SG", "MY"]);
  });

  test("to what another sent under AMBER goes to that other alone", async () => {
    const theirs = thing();
    await scene.said.state("CN", "?tlp=amber&to=SG,MY", theirs);
    const ours = thing();
    await scene.said.state("SG", "?tlp=green", ours);
    const relationship = tie(ours.id, theirs.id);
    // MY got the end too; but whom CN addressed is not SG's to learn.
    expect(Object.keys(await scene.said.foretold("?tlp=green&to=CN,MY,VN", relationship))).toEqual([
      "SG",
      "CN",
    ]);
    await scene.said.state("SG", "?tlp=green&to=CN,MY,VN", relationship);
    expect(await scene.said.reached(relationship.id)).toEqual(["SG", "CN"]);
  });

  test("to what its producer never saw tells nothing of who has it", async () => {
    const hidden = thing();
    await scene.said.state("CN", "?tlp=amber&to=VN", hidden);
    const relationship = tie(hidden.id, hidden.id);
    expect(Object.keys(await scene.said.foretold("?tlp=green", relationship))).toEqual(READERS);
    const unheard = tie(newId("malware"), newId("malware"));
    expect(Object.keys(await scene.said.foretold("?tlp=green", unheard))).toEqual(READERS);
  });

  test("in one submission of more than a batch, its ends' markings hold", async () => {
    const marked = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"; // TLP:AMBER
    const secret = { ...thing(), object_marking_refs: [marked] };
    const others = Array.from({ length: 1_400 }, () => thing());
    const ties = others.map((other) => tie(secret.id, other.id));
    await scene.said.state("SG", "?tlp=green", secret, ...others, ...ties);
    const log = await scene.said.log("VN");
    const ids = new Set(log.map(({ object }) => object.id));
    expect(others.filter((other) => ids.has(other.id))).toHaveLength(others.length);
    expect(ties.filter((one) => ids.has(one.id))).toHaveLength(0);
    const own = new Set((await scene.said.log("SG")).map(({ object }) => object.id));
    expect(ties.filter((one) => own.has(one.id))).toHaveLength(ties.length);
  });
});
