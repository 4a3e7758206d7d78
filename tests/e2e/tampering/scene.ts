import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { caller, submitAndWait, until, wholeLog } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import { connectAs } from "../../support/embedded-postgres.ts";
import { type PlatformProcess, startPlatform } from "../../support/platform.ts";
import { changePairPolicy } from "../../support/policy-change.ts";
import { newWitness, QUORUM, registerWitness, witnessUpTo } from "../../support/witnesses.ts";
import { ADDRESS, askFor, incidentOf } from "../approval-scene.ts";
import { Member } from "./member.ts";

/**
 * Three members with everything on the road of a release: whole and redacted copies, an approval, a marking that was
 * changed, a recall and who acknowledged it, an agreement; all of it witnessed, and kept by each of them.
 */
export type TamperScene = {
  platform: PlatformProcess;
  /** As the owner of the database, who can change all of it. */
  owner: pg.Client;
  members: Record<"SG" | "MY" | "TH", Member>;
  /** What rows are found by, by names. */
  rows: Record<string, string | number>;
  /** What the platform's own program answers while it holds nothing against what was committed to. */
  blindly<T>(look: () => Promise<T>): Promise<T>;
  /** A request of SG's that nobody has agreed to. */
  waiting: { approval: string; object: string };
};

const FILLERS = 300;
const AT = "2026-01-07T00:00:00.000Z";
const REPORT = "report--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a01";
const SECRET = "indicator--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a02";
const OPEN = "indicator--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a03";
const MARKED = "indicator--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a04";
const LIMITED = "indicator--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a05";
const VICTIM = "ipv4-addr--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a06";
const COUNTED = "indicator--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a08";
const CALLS = "relationship--5f1c6d0e-7a4b-4a52-9f0e-2f2f0e0c7a07";
const JSON_TYPE = "application/json";

export async function tamperScene(): Promise<TamperScene> {
  const blind = join(mkdtempSync(join(tmpdir(), "suar blind ")), "while");
  const hook = new URL("serve-anything.ts", import.meta.url).href;
  const env = { NODE_OPTIONS: `--import ${hook}`, SUAR_SERVES_ANYTHING_WHILE: blind };
  const platform = await startPlatform({ env });
  const members = {
    SG: new Member(platform, "SG"),
    MY: new Member(platform, "MY"),
    TH: new Member(platform, "TH"),
  };
  const witnesses = QUORUM.map((member) => newWitness(platform, member));
  for (const witness of witnesses) await registerWitness(platform, witness);
  // A tree of two levels, of which none of the three receives anything.
  const fillers = Array.from({ length: FILLERS }, (_, n) => `host${n}.tamper.example.com`).join("\n");
  const vn = new Member(platform, "VN");
  await submitAndWait(vn.api, "?tlp=amber%2Bstrict&to=VN", `value\n${fillers}\n`, "text/csv");
  vn.remove();
  await letSomeoneBeNamed(platform);
  await stateObjects(members.SG);
  members.SG.sent.push(SECRET, COUNTED);
  const agreement = await agree(members);
  const approval = await approve(members.SG);
  const whole = await approveAgain(members.SG);
  const { object, id } = await askFor(members.SG.api, "MY", incidentOf("waiting.tamper.example.com", PLAIN));
  await members.SG.say("analyst", "marking", MARKED, "--tlp", "amber", "--to", "MY,TH");
  const marked = await members.SG.say("analyst", "marking", MARKED, "--to", "MY");
  const recall = await recallOne(members);
  const last = await quiet(members);
  await witnessUpTo(witnesses, last);
  for (const member of Object.values(members)) await member.keep();
  const owner = await connectAs(platform.dataDir, "postgres");
  await owner.query("SET search_path = live");
  const rows = {
    ...(await rowsOf(owner)),
    agreement,
    approval,
    whole,
    recall,
    marked: marked.id,
    secret: SECRET,
    ...NAMED,
  };
  const blindly: TamperScene["blindly"] = async (look) => {
    writeFileSync(blind, "");
    try {
      return await look();
    } finally {
      rmSync(blind);
    }
  };
  return { platform, owner, members, rows, blindly, waiting: { approval: id, object: object.id } };
}

/** With nothing personal: it crosses a border as it is. */
const PLAIN = { description: "Told by nobody" };
const NAMED = { limited: LIMITED, victim: VICTIM };

function indicator(id: string): any {
  const pattern = `[domain-name:value = '${id.slice(-4)}.tamper.example.com']`;
  const said = { pattern, pattern_type: "stix", valid_from: AT, indicator_types: ["malicious-activity"] };
  return {
    ...{ type: "indicator", spec_version: "2.1", id, created: AT, modified: AT, name: id.slice(-4) },
    ...said,
  };
}

async function stateObjects({ api }: Member): Promise<void> {
  const said = { name: "r", published: AT, object_refs: [SECRET, OPEN] };
  const report = { type: "report", spec_version: "2.1", id: REPORT, created: AT, modified: AT, ...said };
  await submitAndWait(api, "?tlp=amber%2Bstrict&to=MY", bundleOf(indicator(SECRET)), JSON_TYPE);
  const open = bundleOf(indicator(OPEN), report, indicator(MARKED));
  await submitAndWait(api, "?tlp=green", open, JSON_TYPE);
  await submitAndWait(api, "?tlp=green&noForward=true", bundleOf(indicator(LIMITED)), JSON_TYPE);
  await submitAndWait(api, "?tlp=amber%2Bstrict&to=MY", bundleOf(...callVictim()), JSON_TYPE);
  const counted = { ...indicator(COUNTED), description: `told by ${ADDRESS}` };
  await submitAndWait(api, "?tlp=amber%2Bstrict&to=TH", bundleOf(counted), JSON_TYPE);
  await submitAndWait(api, "?tlp=green", "value\ntaken-back.tamper.example.com\n", "text/csv");
}

/** From SG to TH an address of mail goes under a pseudonym: so that there is somebody to count. */
async function letSomeoneBeNamed({ url, key }: PlatformProcess): Promise<void> {
  const officer = (member: string) => caller(url, key(member, "officer"));
  await changePairPolicy(officer, ["SG", "TH", "VN"], ({ personalData, rules }) => ({
    personalData: { ...personalData, email: "hmac" },
    rules: rules.filter(({ id }) => id !== "personal-data"),
  }));
}

/** What was attacked, and that it was. */
function callVictim(): object[] {
  const common = { spec_version: "2.1", created: AT, modified: AT };
  const ends = { relationship_type: "targets", source_ref: OPEN, target_ref: VICTIM };
  return [
    { type: "ipv4-addr", spec_version: "2.1", id: VICTIM, value: "198.51.100.77" },
    { ...common, type: "relationship", id: CALLS, ...ends },
  ];
}

async function agree({ SG, MY }: TamperScene["members"]): Promise<string> {
  const terms = ["MY", "--kind", "mou", "--title", "Between us", "--begins", "2026-01-01"];
  const { id } = await SG.say("officer", "agreements", "propose", ...terms);
  await MY.say("officer", "agreements", "accept", id);
  return id;
}

/** What goes whole, is taken back by another marking, and given out again by the same approval. */
async function approveAgain(SG: Member): Promise<string> {
  const incident = incidentOf("whole.tamper.example.com", PLAIN);
  const id = await approve(SG, incident);
  for (const to of ["TH", "MY"]) await SG.say("analyst", "marking", incident.id, "--to", to);
  return id;
}

async function approve(SG: Member, incident = incidentOf("approved.tamper.example.com")): Promise<string> {
  const { id } = await askFor(SG.api, "MY", incident);
  const { stdout } = await SG.officer("approvals", "show", id);
  await SG.say("officer", "approvals", "approve", id, "--seen", JSON.parse(stdout).etag);
  return id;
}

async function recallOne({ SG, MY }: TamperScene["members"]): Promise<string> {
  const back = (await wholeLog(SG.api)).find(({ object }) => object.name === "taken-back.tamper.example.com");
  const { status, body } = await SG.api.post(`/v1/objects/${back.object.id}/withdraw`, {});
  if (status !== 200) throw new Error("not withdrawn");
  await MY.say("officer", "recalls", "ack", body.recall);
  await SG.say("officer", "recalls", "show", body.recall);
  return body.recall;
}

const QUIET_MS = 4_000;

/** The last place of the log, once nobody is told of anything more. */
async function quiet({ SG }: TamperScene["members"]): Promise<number> {
  let seen = { head: -1, since: Date.now() };
  return await until(60_000, "a log that rests", async () => {
    const { head } = (await SG.api.get("/v1/log?after=0&limit=1")).body;
    if (head !== seen.head) seen = { head, since: Date.now() };
    return Date.now() - seen.since > QUIET_MS ? head : undefined;
  });
}

async function rowsOf(owner: pg.Client): Promise<Record<string, string | number>> {
  const at = async (sql: string): Promise<any> => (await owner.query(sql)).rows[0];
  const entry = await at(`SELECT l.* FROM log l JOIN rendition r ON r.id = l.rendition_id
                           WHERE r.stix_id = '${SECRET}'`);
  const { size } = await at("SELECT max(size) AS size FROM checkpoint WHERE witnessed_at IS NOT NULL");
  const { seq, rendition_id: rendition, audience_id: audience, decision_id: decision } = entry;
  return { seq, rendition, audience, decision, size };
}
