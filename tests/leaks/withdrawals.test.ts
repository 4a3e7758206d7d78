import { expect, test } from "vitest";
import { thing, useStatements } from "./statements.ts";

/** A withdrawal tells each reader of what it had, and of nothing else. */
const scene = useStatements();

const at = (n: number): string => `2026-06-01T00:00:00.${String(n).padStart(3, "0")}Z`;

/** What the last entry about an id says; entries whose body is gone say the same of their own version. */
async function withdrawn(member: string, id: string): Promise<unknown> {
  const items = (await scene.said.log(member)).filter((item) => item.object.id === id);
  const { kind, tlp, object } = items.at(-1);
  return [kind, tlp, object.modified];
}

test("who had an older version alone learns nothing of the newer one", async () => {
  const [first, second] = [1, 2].map((n) => ({ modified: at(n) }));
  const about = thing();
  await scene.said.state("SG", "?tlp=green", { ...about, ...first });
  await scene.said.state("SG", "?tlp=amber&to=TH", { ...about, ...second });
  expect((await scene.said.as("SG").post(`/v1/objects/${about.id}/withdraw`)).status).toBe(200);
  expect(await withdrawn("CN", about.id)).toEqual(["withdrawn", "green", at(1)]);
  expect(await scene.said.text("CN")).not.toContain(at(2));
  expect(await withdrawn("TH", about.id)).toEqual(["withdrawn", "amber", at(2)]);
  expect(await withdrawn("SG", about.id)).toEqual(["withdrawn", "amber", at(2)]);
});

test("the bodies of all versions go, however many there are", async () => {
  const about = thing();
  const versions = Array.from({ length: 150 }, (_, n) => ({
    ...about,
    modified: at(n),
    name: `version ${n} of many`,
  }));
  await scene.said.state("SG", "?tlp=green", ...versions);
  expect(await scene.said.text("CN")).toContain("version 7 of many");
  const again = await scene.said.counted("SG", "?tlp=green", versions[3] ?? {}, {
    ...about,
    modified: at(3),
  });
  expect(again).toMatchObject({ unchanged: 1, rejected: 1 });
  const answer = await scene.said.as("SG").post(`/v1/objects/${about.id}/withdraw`);
  expect(answer.body.versions).toBe(150);
  expect(await scene.said.text("CN")).not.toContain("of many");
  expect(await withdrawn("CN", about.id)).toEqual(["withdrawn", "green", at(149)]);
});
