import { AppError, type PolicyDiffLine } from "@suar/contract";
import { type PairPolicy, pairOf, policyBytes, policyHash } from "@suar/policy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diffLines } from "../../services/governance/src/diff-lines.ts";
import * as store from "../../services/governance/src/store/policy-diff.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

/* The rows are worked on by the platform that runs. */

let scene: GateScene;
let policy: PairPolicy;
let name: store.DiffName;
beforeAll(async () => {
  scene = await openGateScene();
  const context = await scene.context("SG");
  policy = pairOf(context.policies, "SG", "MY")?.policy as PairPolicy;
  name = { hash: policyHash(policy), member: "SG" };
  await scene.state(context, item(thing("tool", { name: "turnstone" })));
});
afterAll(async () => await scene?.close());

const begin = async (again = true, of: store.DiffName = name) =>
  await store.beginDiff(scene.inside.realm.write, {
    ...of,
    policy: policyBytes(policy).toString("utf8"),
    isProposed: false,
    again,
  });
const linesOf = async (signal: AbortSignal, stillMay = async () => {}) => {
  const { platform, realm } = scene.inside;
  const lines: PolicyDiffLine[] = [];
  for await (const line of diffLines(platform, realm, name, { signal, stillMay })) lines.push(line);
  return lines;
};
const never = () => new AbortController().signal;
const row = async () => await store.selectDiff(scene.inside.realm.write, name);

test("a diff ends with its counts, and is there for who asks later", async () => {
  await begin();
  const lines = await linesOf(never());
  expect(lines.at(-1)).toMatchObject({ line: "diff", diff: { pair: "SG-MY", versions: 1, of: "released" } });
  expect(await linesOf(never())).toEqual(lines.slice(-1));
});

test("what has ended begins anew where it is asked to; until then the last one is there", async () => {
  const before = await row();
  await begin(false);
  expect(await row()).toEqual(before);
  await scene.state(await scene.context("SG"), item(thing("tool", { name: "turnstone again" })));
  await begin();
  expect((await row())?.result).toEqual(before?.result);
  expect((await linesOf(never())).at(-1)).toMatchObject({ line: "diff", diff: { versions: 2 } });
});

test("one that failed again and again is none, whatever was told before", async () => {
  const { write } = scene.inside.realm;
  const failed = { ...name, hash: "f".repeat(64) };
  // As if a process had it that fails on every page.
  await scene.owner.query(
    `INSERT INTO live.policy_diff (policy_hash, member, policy, is_proposed, since, until, result, leased_until, fence)
     SELECT decode($1, 'hex'), member, policy, false, since, until, result, now() + interval '1 hour', 3
       FROM live.policy_diff WHERE policy_hash = decode($2, 'hex') AND member = 'SG' AND result IS NOT NULL`,
    [failed.hash, name.hash],
  );
  const fail = async () =>
    await store.noteFailure(write, { ...failed, fence: 3 }, { waitSeconds: 3_600, most: 2 });
  await fail();
  expect(await store.selectDiff(write, failed)).toMatchObject({
    finished_at: null,
    result: { pair: "SG-MY" },
  });
  await fail();
  expect(await store.selectDiff(write, failed)).toMatchObject({
    finished_at: expect.any(Date),
    result: null,
  });
  expect(await store.selectDiffed(write, failed.hash, ["SG"])).toEqual([]);
});

test("one whose asker's key was revoked meanwhile tells nothing more", async () => {
  await begin();
  const revoked = async () => {
    throw new AppError("key-revoked");
  };
  expect(await linesOf(never(), revoked)).toMatchObject([
    { line: "problem", problem: { code: "key-revoked" } },
  ]);
});

test("one that nobody waits for any more ends without a word; one that is stopped says why", async () => {
  expect(await linesOf(AbortSignal.abort())).toEqual([]);
  const stopped = AbortSignal.abort(new AppError("unavailable", "Suar is stopping here"));
  expect(await linesOf(stopped)).toMatchObject([{ line: "problem", problem: { code: "unavailable" } }]);
});

test("whoever was overtaken keeps nothing, and what a process left is gone on with by another", async () => {
  const { write } = scene.inside.realm;
  const other = { ...name, member: "MY" };
  // Nobody else takes it up: another process has it, which does not come back.
  await scene.owner.query("BEGIN");
  await scene.owner.query("LOCK TABLE live.policy_diff IN SHARE ROW EXCLUSIVE MODE");
  await scene.owner.query(
    `INSERT INTO live.policy_diff (policy_hash, member, policy, is_proposed, since, until, leased_until, fence)
     VALUES (decode($1, 'hex'), 'MY', $2, false, now() - interval '1 day', now(), now() + interval '2 s', 7)`,
    [other.hash, policyBytes(policy).toString("utf8")],
  );
  await scene.owner.query("COMMIT");
  const late = { ...other, fence: 6 };
  const soFar = (await store.selectDiff(write, other))?.result as never;
  expect(await store.keepPage(write, late, { soFar, done: 1, total: 2 })).toBe(false);
  const end = Date.now() + 30_000;
  while ((await store.selectDiff(write, other))?.finished_at === null && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await store.selectDiff(write, other))?.result).toMatchObject({ of: "received" });
});
