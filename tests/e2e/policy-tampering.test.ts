import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type PairPolicy, PairPolicy as Policy, policyBytes, policyHash, signPolicy } from "@suar/policy";
import { newPolicyKeys } from "@suar/policy/testing/policy-keys";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, caller, submitAndWait, until } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { ROOT } from "../support/compose-stack.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { changePairPolicy } from "../support/policy-change.ts";
import { indicatorOf } from "./indicator-of.ts";

/**
 * Policies that members signed, against somebody who writes the database's rows and has nothing else: whatever column is
 * changed, the platform shares nothing under the pair, says so, and the members' own check fails.
 */

const PAIR = "SG-MY";
const CHECKED = join(ROOT, "seeds/policy/index.json");
let platform: PlatformProcess;
let owner: pg.Client;
let folder: string;
let current: PairPolicy;

beforeAll(async () => {
  platform = await startPlatform();
  owner = new pg.Client({ connectionString: ownerUrl(platform.dataDir) });
  await owner.connect();
  folder = mkdtempSync(join(tmpdir(), "suar-tampered-"));
  const change = (hours: number) => async () =>
    await changePairPolicy(officer, ["SG", "MY", "TH"], () => ({ deadlineHours: hours }));
  await change(5)();
  current = await change(6)();
  const { items } = (await officer("TH").get("/v1/policy-keys?limit=500")).body;
  writeFileSync(join(folder, "keys.json"), JSON.stringify(items));
});
afterAll(async () => {
  await owner.end();
  rmSync(folder, { recursive: true });
  await platform.remove();
});

function officer(member: string): Caller {
  return caller(platform.url, platform.key(member, "officer"));
}

const inForce = async () => (await officer("SG").get(`/v1/policies/${PAIR}`)).body;

/** What `suar verify policies` finds, as a member runs it. */
async function findings(): Promise<{ code: number; pairs: string[] }> {
  const args = ["verify", "policies", "--json", "--keys", join(folder, "keys.json"), "--shipped", CHECKED];
  const env = {
    ...process.env,
    SUAR_URL: platform.url,
    SUAR_KEY: platform.key("TH"),
    SUAR_CONFIG_DIR: folder,
  };
  const main = join(ROOT, "packages/client/src/command/main.ts");
  const ran = await promisify(execFile)(process.execPath, [main, ...args], { env, maxBuffer: 1e7 }).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  const told = JSON.parse(ran.stdout).findings.map(({ pair }: { pair: string }) => pair);
  return { code: ran.code, pairs: [...new Set<string>(told)] };
}

/** Changes rows, looks, and puts everything back as it was. */
async function tampered(change: string, values: unknown[], look: () => Promise<void>): Promise<void> {
  const tables = ["policy_key", "policy_proposal", "policy_signature"];
  for (const table of tables) await owner.query(`CREATE TABLE public.${table} AS TABLE core.${table}`);
  try {
    await asOwner(change, values);
    await look();
  } finally {
    const back = tables.map(
      (table) => `DELETE FROM core.${table}; INSERT INTO core.${table} SELECT * FROM public.${table};`,
    );
    await asOwner(back.join("\n"));
    await owner.query(tables.map((table) => `DROP TABLE public.${table};`).join("\n"));
  }
  await until(10_000, "what was in force before", async () => {
    const { standing, version } = await inForce();
    return standing === "signed" && version === 3 ? true : undefined;
  });
}

/** As whoever owns the database can: past constraints and foreign keys. */
async function asOwner(statement: string, values: unknown[] = []): Promise<void> {
  await owner.query("SET session_replication_role = replica");
  await owner.query(statement, values);
  await owner.query("SET session_replication_role = DEFAULT");
}

const state = async (object: { id: string }): Promise<void> => {
  const sg = caller(platform.url, platform.key("SG"));
  await submitAndWait(sg, "?tlp=green", bundleOf(object), "application/json");
};
const reads = async (member: string, { id }: { id: string }): Promise<boolean> =>
  (await caller(platform.url, platform.key(member)).get(`/v1/objects/${id}`)).status === 200;

const closed = async (): Promise<string> =>
  await until(10_000, "the pair to be closed", async () => {
    const { standing, problem } = await inForce();
    return standing === "unverified" ? problem : undefined;
  });

const LAST =
  "(SELECT id FROM core.policy_proposal WHERE signed_at IS NOT NULL ORDER BY version DESC LIMIT 1)";
const proposal = (set: string) => `UPDATE core.policy_proposal SET ${set} WHERE id = ${LAST}`;
const signature = (set: string) =>
  `UPDATE core.policy_signature SET ${set} WHERE proposal_id = ${LAST} AND member = 'SG'`;
const key = (set: string) =>
  `UPDATE core.policy_key SET ${set} WHERE id = (SELECT key_id FROM core.policy_signature
    WHERE proposal_id = ${LAST} AND member = 'SG')`;
const flipped = (column: string) => `set_byte(${column}, 3, 255 - get_byte(${column}, 3))`;

const COLUMNS: readonly [string, string, string][] = [
  ["policy_proposal.id", proposal("id = gen_random_uuid()"), "signature-missing"],
  ["policy_proposal.exporter", proposal("exporter = 'TH', proposer = 'MY'"), "columns-differ"],
  ["policy_proposal.importer", proposal("importer = 'TH'"), "columns-differ"],
  ["policy_proposal.version", proposal("version = 4"), "columns-differ"],
  ["policy_proposal.effective_from", proposal("effective_from = '2099-01-01'"), "columns-differ"],
  [
    "policy_proposal.policy",
    proposal(`policy = replace(policy, '"deadlineHours":6', '"deadlineHours":7')`),
    "columns-differ",
  ],
  ["policy_proposal.policy, as no JSON", proposal("policy = policy || 'x'"), "unreadable"],
  ["policy_proposal.hash", proposal(`hash = ${flipped("hash")}`), "columns-differ"],
  [
    "policy_proposal.signed_at, later",
    proposal("signed_at = signed_at + interval '1 year'"),
    "columns-differ",
  ],
  [
    "policy_proposal.signed_at, earlier",
    proposal("signed_at = signed_at - interval '1 year'"),
    "columns-differ",
  ],
  ["policy_proposal.signed_at, none", proposal("signed_at = NULL"), "not-marked-signed"],
  ["policy_signature.member", signature("member = 'TH'"), "signature-missing"],
  [
    "policy_signature.key_id",
    signature("key_id = (SELECT min(id) FROM core.policy_key WHERE member = 'MY')"),
    "key-unknown",
  ],
  ["policy_signature.signature", signature(`signature = ${flipped("signature")}`), "signature-invalid"],
  ["policy_signature.seal", signature(`seal = ${flipped("seal")}`), "not-sealed"],
  ["policy_signature.seal, none", signature("seal = NULL"), "not-sealed"],
  ["policy_key.member", key("member = 'TH'"), "key-unknown"],
  ["policy_key.public_key", key(`public_key = ${flipped("public_key")}`), "signature-invalid"],
  ["policy_key.waits", key("waits = true"), "key-unknown"],
  [
    "policy_key.revoked_at, before it signed",
    key("revoked_at = '2020-01-01', revoked_by = 'x'"),
    "key-unknown",
  ],
];

describe("a row of what is signed", () => {
  test.each(COLUMNS)("closes its pair when it is another: %s", async (_, change, problem) => {
    await tampered(change, [], async () => {
      expect(await closed()).toBe(problem);
    });
  });

  test("is told to the operator and to members, and lets nothing out as long as it lasts", async () => {
    expect(await findings()).toEqual({ code: 0, pairs: [] });
    await tampered(proposal("policy = replace(policy, '6', '7')"), [], async () => {
      await closed();
      expect(await fetchText("/readyz")).toContain(PAIR);
      expect(await fetchText("/metrics")).toMatch(/^suar_policies_unverified 1$/m);
      expect(platform.log()).toContain("do not verify");
      const [before, after] = [indicatorOf("before.example.com"), indicatorOf("after.example.com")];
      await state(before);
      await until(10_000, "access to end", async () => ((await reads("MY", before)) ? undefined : true));
      await state(after);
      await until(10_000, "the others to have it", async () =>
        (await reads("TH", after)) ? true : undefined,
      );
      expect(await reads("MY", after)).toBe(false);
      expect(await findings()).toEqual({ code: 1, pairs: [PAIR] });
    });
  });
});

describe("whoever writes rows alone", () => {
  test("puts no policy in force with keys of their own, whatever the rows say", async () => {
    const next = Policy.parse({ ...current, version: 4, previous: policyHash(current), deadlineHours: 99 });
    const rows = (["SG", "MY"] as const).map((member) => {
      const keys = newPolicyKeys();
      const signed = signPolicy(next, member, keys);
      return [
        member,
        Buffer.from(keys.key, "base64").toString("hex"),
        Buffer.from(signed.signature, "base64").toString("hex"),
      ] as const;
    });
    const statement = `
      INSERT INTO core.policy_proposal (id, exporter, importer, version, effective_from, policy, hash, proposer, proposed_by, signed_at)
      VALUES ('5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701', 'SG', 'MY', 4, '${next.effective.from}',
        '${policyBytes(next).toString("utf8").replaceAll("'", "''")}', '\\x${policyHash(next)}', 'SG', 'x', clock_timestamp());
      ${rows
        .map(
          ([member, bytes, signed]) => `
      INSERT INTO core.policy_key (id, member, public_key, label, waits, created_by)
      VALUES ('forged-${member}', '${member}', '\\x${bytes}', 'x', false, 'x');
      INSERT INTO core.policy_signature (proposal_id, member, key_id, signature, seal, signed_by, signed_at)
      SELECT '5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701', member, 'forged-${member}', '\\x${signed}', seal, 'x', '2020-01-01'
        FROM core.policy_signature WHERE proposal_id = ${LAST.replace("ORDER", "AND version = 3 ORDER")} AND member = '${member}';`,
        )
        .join("\n")}`;
    await tampered(statement, [], async () => {
      expect(await closed()).toBe("not-sealed");
    });
  });

  test("is found by who looked before, where a newer version is deleted and the older one holds", async () => {
    expect((await findings()).code).toBe(0);
    const gone = `DELETE FROM core.policy_signature WHERE proposal_id = ${LAST};
      DELETE FROM core.policy_proposal WHERE version = 3 AND exporter = 'SG' AND importer = 'MY'`;
    await tampered(gone, [], async () => {
      await until(10_000, "the older one", async () => ((await inForce()).version === 2 ? true : undefined));
      expect(await findings()).toEqual({ code: 1, pairs: [PAIR] });
    });
    expect((await findings()).code).toBe(0);
  });
});

async function fetchText(path: string): Promise<string> {
  return await (await fetch(`${platform.url}${path}`)).text();
}
