import { AppError, type PolicyDiffLine } from "@suar/contract";
import { type PairPolicy, pairOf } from "@suar/policy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diffLines } from "../../services/governance/src/diff-lines.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
let policy: PairPolicy;
beforeAll(async () => {
  scene = await openGateScene();
  const context = await scene.context("SG");
  policy = pairOf(context.policies, "SG", "MY")?.policy as PairPolicy;
  await scene.state(context, item(thing("tool", { name: "turnstone" })));
}, 180_000);
afterAll(async () => await scene?.close());

const LONG_MS = 60_000;
const linesOf = async (signal: AbortSignal, stillMay = async () => {}, longestMs = LONG_MS) => {
  const { platform, realm } = scene.inside;
  const asker = await platform.directory.byCode("SG");
  if (asker === undefined) throw new Error("there is no SG");
  const lines: PolicyDiffLine[] = [];
  for await (const line of diffLines(platform, realm, { policy, asker, signal }, stillMay, longestMs))
    lines.push(line);
  return lines;
};
const never = () => new AbortController().signal;

test("a diff ends with its counts", async () => {
  const lines = await linesOf(never());
  expect(lines.at(-1)).toMatchObject({ line: "diff", diff: { pair: "SG-MY", versions: 1, of: "released" } });
});

test("one that takes too long says so, as its last line", async () => {
  const slow = async () => await new Promise<void>((resolve) => setTimeout(resolve, 50));
  const lines = await linesOf(never(), slow, 1);
  expect(lines.at(-1)).toMatchObject({ line: "problem", problem: { code: "took-too-long", status: 503 } });
});

test("one whose asker's key was revoked meanwhile tells nothing more", async () => {
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
