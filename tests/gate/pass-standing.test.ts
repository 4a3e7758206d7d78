import { readWholeStanding } from "@suar/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noticeChanges } from "../../services/governance/src/jobs/notice-changes.ts";
import { until } from "../support/api.ts";
import { openInside } from "../support/inside.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";
import { signPolicy } from "./sign-policy.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

const TIMES = 6;
const idle = async () =>
  await until(60_000, "the passes' end", async () =>
    (await scene.owner.query("SELECT FROM live.reevaluation WHERE after IS NOT NULL")).rowCount === 0
      ? true
      : undefined,
  );
/** As whoever has the database would: the signature of the policy in force verifies no more, and again. */
const spoil = async (proposal: string) =>
  await scene.owner.query(
    "UPDATE core.policy_signature SET seal = set_byte(seal, 0, 255 - get_byte(seal, 0)) WHERE proposal_id = $1",
    [proposal],
  );
const inForce = async () => (await scene.as("SG").get("/v1/policies/SG-MY")).body.proposal as string;

describe("where a row of a policy is spoiled", () => {
  test("the next decision of any process knows it, whatever it remembers", async () => {
    await signPolicy(scene, ["SG", "MY"], {});
    const proposal = await inForce();
    const { platform, realm } = scene.inside;
    const knows = async () => (await readWholeStanding(realm.write, platform.trust)).unverified.has("SG-MY");
    expect(await knows()).toBe(false);
    await spoil(proposal);
    expect(await knows()).toBe(true);
    await spoil(proposal);
    expect(await knows()).toBe(false);
    await idle();
  });

  test("a pass decides by what it was begun for, also in a process that has not seen it yet", async () => {
    const object = thing("tool", { name: "bee-eater" });
    await scene.state(await scene.context("SG"), item(object));
    const proposal = await inForce();
    await idle();
    // Without the revision each process finds out when it next verifies: these triggers can be switched off, too.
    await scene.owner.query("ALTER TABLE core.policy_signature DISABLE TRIGGER counted");
    try {
      for (let time = 0; time < TIMES; time++) {
        await spoil(proposal);
        await noticeAsAnother();
        await idle();
        const due = time % 2 === 0 ? "withdrawn" : "released";
        await until(5_000, `${due} the ${time}th time`, async () =>
          (await scene.told("MY", object.id)).at(-1) === due ? true : undefined,
        );
      }
    } finally {
      await scene.owner.query("ALTER TABLE core.policy_signature ENABLE TRIGGER counted");
    }
  });
});

/** Another process, which remembers nothing, sees the change first and begins the passes. */
async function noticeAsAnother(): Promise<void> {
  const another = await openInside(scene.platform.dataDir);
  try {
    await noticeChanges(another.platform, another.realm)();
  } finally {
    await another.close();
  }
}
