import { type Member, PairPolicy, policyHash } from "@suar/policy";
import { describe, expect, it } from "vitest";
import type { Answer, Caller } from "../../support/api.ts";
import { submitAndWait, until } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, type Scene } from "../scene.ts";

/** What a policy would change, asked before it is signed. */
export function policyDiffCases(scene: Scene): void {
  const officer = (member: string) => scene.as(member, "officer");
  const nextOf = async (pair: string, change: (policy: PairPolicy) => Partial<PairPolicy>) => {
    const { policy, version, hash: previous } = (await scene.as("TH").get(`/v1/policies/${pair}`)).body;
    return PairPolicy.parse({ ...policy, version: version + 1, previous, ...change(policy) });
  };
  const without = (contentClass: string) => (policy: PairPolicy) => ({
    allow: policy.allow.filter((one) => one !== contentClass),
  });

  /** The last line; the ones before tell how far it is. */
  const endOf = ({ status, text, headers }: Answer): any => {
    if (status !== 200) throw new Error(`${status} ${text}`);
    expect(headers.get("content-type")).toBe("application/x-ndjson");
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    for (const { line, done, total } of lines.slice(0, -1)) {
      expect(line).toBe("progress");
      expect(done).toBeLessThanOrEqual(total);
    }
    expect(lines.at(-1)).toMatchObject({ line: "diff" });
    return lines.at(-1).diff;
  };
  const draft = async (by: string, policy: PairPolicy) =>
    endOf(await officer(by).post(`/v1/policies/${policy.exporter}-${policy.importer}/diff`, { policy }));
  /** What follows from what was stated, such as an alert to whoever states it, is stated, too. */
  const settled = async (by: string, policy: PairPolicy): Promise<void> => {
    const counted: number[] = [];
    await until(60_000, "a diff that stays as it is", async () => {
      counted.push((await draft(by, policy)).versions);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return counted.length > 4 && new Set(counted.slice(-5)).size === 1 ? true : undefined;
    });
  };
  const idsOf = (diff: any): string[] =>
    diff.changes.flatMap(({ examples }: any) => examples.map((one: any) => one.object.id));

  const state = async (by: Caller, query: string, ...objects: any[]) => {
    const { body } = await submitAndWait(by, query, bundleOf(...objects), "application/json");
    if (body.status !== "done" || body.counts.rejected > 0) throw new Error(JSON.stringify(body));
    for (const object of objects) await itemWith(by, object.name);
  };

  describe("the diff of a policy", () => {
    it("tells what a stricter one would have lost in the last 90 days, and by which rule", async () => {
      const indicator = indicatorOf(freshHost("lost"));
      await state(scene.as("TL"), "?tlp=green", indicator);
      const policy = await nextOf("TL-BN", without("indicator.infrastructure"));
      const diff = await draft("TL", policy);
      expect(diff).toMatchObject({
        pair: "TL-BN",
        version: 2,
        hash: policyHash(policy),
        of: "released",
        wider: 0,
        changes: [{ contentClass: "indicator.infrastructure", before: "allow", after: "withhold", wider: 0 }],
      });
      expect(Date.parse(diff.until) - Date.parse(diff.since)).toBe(90 * 86_400_000);
      expect(diff.unchanged + diff.changes[0].count).toBe(diff.decisions);
      const [example] = diff.changes[0].examples.filter((one: any) => one.object.id === indicator.id);
      expect(example).toMatchObject({
        object: { type: "indicator", producer: "TL" },
        before: {
          decision: "allow",
          reasons: expect.arrayContaining([expect.objectContaining({ code: "pair-allows" })]),
        },
        after: {
          decision: "withhold",
          reasons: [{ code: "class-not-allowed", rule: "pairs/TL-BN.json@2#default" }],
        },
      });
    });

    it("is that of the draft, once it is proposed", async () => {
      await state(scene.as("LA"), "?tlp=green", indicatorOf(freshHost("proposed")));
      const policy = await nextOf("LA-TL", without("indicator.infrastructure"));
      await settled("LA", policy);
      const made = await officer("LA").post("/v1/policies/LA-TL/proposals", { policy });
      expect(made.status, made.text).toBe(201);
      const diff = endOf(await officer("LA").get(`/v1/policy-proposals/${made.body.id}/diff`));
      expect(diff.changes).toMatchObject([{ before: "allow", after: "withhold" }]);
      expect({ ...(await draft("LA", policy)), since: 0, until: 0 }).toEqual({ ...diff, since: 0, until: 0 });
      await officer("LA").send("DELETE", `/v1/policy-proposals/${made.body.id}`);
    });

    it("counts nothing that an agency did not send to its CERT", async () => {
      const policy = await nextOf("CN-MM", without("indicator.infrastructure"));
      const before = await draft("CN", policy);
      const [hidden, shown] = [indicatorOf(freshHost("agency-only")), indicatorOf(freshHost("agency-shown"))];
      const key = { organisation: "CN:example-bank", roles: ["analyst"], label: "its own reports", days: 1 };
      const agency = scene.withKey((await officer("CN").post("/v1/keys", key)).body.key);
      await state(agency, "?tlp=amber%2Bstrict&to=MM", hidden);
      await itemWith(scene.as("MM"), hidden.name);
      expect({ ...(await draft("CN", policy)), since: 0, until: 0 }).toEqual({
        ...before,
        since: 0,
        until: 0,
      });
      await state(agency, "?tlp=amber%2Bstrict&to=MM,CN", shown);
      await itemWith(scene.as("CN"), shown.name);
      const after = await draft("CN", policy);
      expect(after.versions).toBe(before.versions + 1);
      expect(JSON.stringify(after)).not.toContain(hidden.id);
    });

    it("tells the importer of what it received, and nothing of what it did not", async () => {
      const wider = await nextOf("VN-KH", ({ allow, rules }) => ({
        allow: [...allow, "vuln.undisclosed"],
        rules: rules.filter((one) => one.then === "redact"),
      }));
      const before = await draft("KH", wider);
      const at = "2026-03-01T00:00:00.000Z";
      const name = freshHost("undisclosed");
      const id = "vulnerability--5a2c9a55-0d11-4c53-9a0e-93d7c1b4a6f1";
      await state(scene.as("VN"), "?tlp=green", {
        type: "vulnerability",
        spec_version: "2.1",
        id,
        created: at,
        modified: at,
        name,
      });
      expect({ ...(await draft("KH", wider)), since: 0, until: 0 }).toEqual({
        ...before,
        since: 0,
        until: 0,
      });
      const exporters = await draft("VN", wider);
      expect(exporters.changes).toMatchObject([{ before: "withhold", after: "allow" }]);
      expect(exporters.wider).toBeGreaterThan(0);
      const received = indicatorOf(freshHost("received"));
      await state(scene.as("VN"), "?tlp=green", received);
      await itemWith(scene.as("KH"), received.name);
      const strict = await draft("KH", await nextOf("VN-KH", without("indicator.infrastructure")));
      expect(strict).toMatchObject({ of: "received", versions: before.versions + 1 });
      expect(strict.changes.map((one: any) => one.contentClass)).toContain("indicator.infrastructure");
      expect(strict.changes.flatMap((one: any) => one.examples.map((each: any) => each.recipient))).toEqual(
        idsOf(strict).map(() => "KH"),
      );
    });

    it("is for officers of the two CERTs alone", async () => {
      const policy = await nextOf("VN-KH", without("ttp"));
      const asked = async (member: Member, role: "analyst" | "officer") =>
        (await scene.as(member, role).post("/v1/policies/VN-KH/diff", { policy })).body.code;
      expect(await asked("TH", "officer")).toBe("forbidden");
      expect(await asked("VN", "analyst")).toBe("forbidden");
      expect((await scene.operator().post("/v1/policies/VN-KH/diff", { policy })).body.code).toBe(
        "forbidden",
      );
    });
  });
}
