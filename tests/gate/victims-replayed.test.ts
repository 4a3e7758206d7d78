import { beginReplay, type Replayed, replayOn } from "@suar/gate";
import { type PairPolicy, pairOf } from "@suar/policy";
import { keysOf, type StixObject } from "@suar/stix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing, withPair } from "./gate-scene.ts";

/* What a policy would have changed is decided as the gate decides: by all that is known of victims, and nobody twice. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

async function changed(exporter: string, change: (policy: PairPolicy) => Partial<PairPolicy>) {
  const context = await scene.context(exporter);
  const policies = withPair(context.policies, [exporter, "TH"], change);
  const policy = pairOf(policies, exporter, "TH")?.policy;
  if (policy === undefined) throw new Error("there is no such policy");
  return { context: { ...context, policies }, policy };
}

async function replayed(exporter: string, policy: PairPolicy): Promise<Replayed> {
  const asker = await scene.inside.platform.directory.byCode(exporter);
  if (asker === undefined) throw new Error(`there is no ${exporter}`);
  const { platform, realm } = scene.inside;
  const asked = { policy, asker, since: new Date(0) };
  const { signal } = new AbortController();
  const soFar = await replayOn(platform, realm, asked, await beginReplay(realm, asked), {
    withinMs: 60_000,
    signal,
  });
  expect(soFar.leg).toBe("over");
  return soFar;
}

const examplesOf = ({ changes }: Replayed) => changes.flatMap(({ examples }) => examples);
const states = async (exporter: string, ...objects: StixObject[]) =>
  await scene.state(
    await scene.context(exporter),
    ...objects.map((object) => item(object, { keys: keysOf(object) })),
  );

describe("a policy's change, replayed", () => {
  test("knows who was called a victim in another submission, and by a newer version", async () => {
    const value = "198.51.100.200";
    const victim = thing("ipv4-addr", { value });
    const other = "malware--00000000-0000-4000-8000-999999999999";
    const told = thing("note", { content: `turnstone ${value}`, object_refs: [other] });
    const tie = { relationship_type: "targets", source_ref: other, target_ref: victim.id };
    await states("LA", told, victim);
    await states("LA", thing("relationship", tie));
    const { policy } = await changed("LA", ({ rules }) => ({
      rules: [
        ...rules,
        {
          id: "no-victims",
          party: "exporter",
          if: { pii: ["victimIp"] },
          // biome-ignore lint/suspicious/noThenProperty: the policy's own word
          then: "withhold",
          source: "a test",
          guide: "guide:victim-notification",
        } as never,
      ],
    }));
    const examples = examplesOf(await replayed("LA", policy));
    expect(examples.map(({ id }) => id)).toContain(told.id);
    expect(examples.find(({ id }) => id === told.id)).toMatchObject({
      before: { decision: "redact" },
      after: { decision: "withhold" },
    });
  });

  test("does not count the people of whom a version told before against it again", async () => {
    const all = [1, 2].map((n) => thing("tool", { name: `plover ${n}, by plover${n}@victim.example` }));
    const pseudonyms = (quota: number) =>
      changed("BN", ({ personalData }) => ({
        rules: [],
        quota,
        personalData: { ...personalData, email: "hmac" },
      }));
    const { context, policy } = await pseudonyms(2);
    await scene.state(context, ...all.map((one) => item(one)));
    const { rows } = await scene.owner.query(
      "SELECT individuals::int FROM live.individual_count WHERE exporter = 'BN' AND importer = 'TH'",
    );
    expect(rows).toEqual([{ individuals: 2 }]);
    const outcomes = async (of: PairPolicy) =>
      examplesOf(await replayed("BN", of)).map(({ after }) => after.decision);
    expect(await outcomes(policy)).not.toContain("withhold");
    // Of each the CERT, and whichever agency it has.
    expect(await outcomes((await pseudonyms(1)).policy)).toEqual(Array(4).fill("withhold"));
  });
});
