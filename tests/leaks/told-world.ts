import { type Answer, type Caller, caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import type { PlatformProcess } from "../support/platform.ts";
import { changePairPolicy } from "../support/policy-change.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import { indicator, sdo } from "./bundles.ts";
import { party } from "./oracle.ts";
import type { Reader } from "./readers.ts";
import { JSON_TYPE } from "./sower.ts";
import { noThings, type Thing, type Things } from "./things.ts";

/** Members who have agencies of which no other is to learn. */
const HOLDERS = ["SG", "MY", "TH", "CN"] as const;
const READING = [...HOLDERS, "VN"] as const;

/** The word that an agency's code and name are made of, and who may read it besides its own member. */
type AgencyWord = { word: string; code: string; member: string; namedBy?: string };

export type ToldWorld = { things: Things; words: AgencyWord[]; readers: Reader[] };

function good({ status, text, body }: Answer): any {
  if (status >= 300) throw new Error(`${status} ${text}`);
  return body;
}

/** Statements that reach agencies, wait for them, are taken back from them, and name one of them. */
export async function toldWorld(platform: PlatformProcess): Promise<ToldWorld> {
  const as = (member: string, role: "analyst" | "officer" | "coordinator" = "analyst"): Caller =>
    caller(platform.url, platform.key(member, role));
  const words = await agenciesOf(as);
  const things = noThings();
  const bothAsked = await changePairPolicy((member) => as(member, "officer"), ["SG", "MY", "TH"], asksBoth);
  things.policy.push(live(`${bothAsked.exporter}-${bothAsked.importer}`, "SG"));
  for (const member of HOLDERS) await share(as(member), things, member);
  for (const to of ["MY", namedCode(words)]) await waits(as, things, to);
  await takeBack(as("SG"), things);
  for (const member of HOLDERS)
    await until(30_000, `the log of ${member}`, async () =>
      (await wholeLog(as(member))).length > HOLDERS.length ? true : undefined,
    );
  const readers = READING.flatMap((member) =>
    (["analyst", "officer"] as const).map((role): Reader => {
      const key = platform.key(member, role);
      const who = { name: `${member} ${role}`, realm: "live" as const, party: party(member), role };
      return { ...who, key, api: caller(platform.url, key) };
    }),
  );
  readers.push(...(await inDrill(platform, as("VN", "coordinator"), things)));
  return { things, words, readers };
}

/** A drill of VN's, who has the keys of its players MY and TH: whatever these are told, VN is. */
async function inDrill(platform: PlatformProcess, coordinator: Caller, things: Things): Promise<Reader[]> {
  const made = good(await coordinator.post("/v1/drills", { scenario: QUIET_DRILL }));
  good(await coordinator.post(`/v1/drills/${made.id}/start`));
  const readers = ["MY", "TH"].flatMap((member) =>
    (["analyst", "subscriber"] as const).map((role): Reader => {
      const key = made.keys[member][role] as string;
      const name = `the drill's ${member} ${role}`;
      return { name, realm: "drill", party: party(member), role, key, api: caller(platform.url, key) };
    }),
  );
  const players = readers.filter(({ role }) => role === "analyst");
  for (const { api, party: who } of players) {
    const member = who?.code ?? "";
    const others = ["MY", "TH"].filter((one) => one !== member).join(",");
    for (const query of ["?tlp=green", "?tlp=amber", `?tlp=amber&to=${others}`]) {
      const { ids } = await state(
        api,
        things,
        member,
        query,
        [indicator(`epsilon${things.object.length}`)],
        "drill",
      );
      if (query !== "?tlp=green") continue;
      const { recall } = good(await api.post(`/v1/objects/${ids[0]}/withdraw`, {}));
      things.recall.push({ ...live(recall, member, ["MY", "TH"]), realm: "drill" });
    }
  }
  for (const { api, party: who } of players)
    await until(30_000, `the drill's log of ${who?.code}`, async () =>
      (await wholeLog(api)).length >= 5 ? true : undefined,
    );
  return readers;
}

async function agenciesOf(as: (member: string, role: "officer") => Caller): Promise<AgencyWord[]> {
  const words: AgencyWord[] = [];
  const add = async (member: string, word: string, namedBy?: string) => {
    const body = { code: word, name: `The ${word} of it`, sector: "financial-services" };
    const { code } = good(await as(member, "officer").post("/v1/agencies", body));
    words.push({ word, code, member, ...(namedBy !== undefined && { namedBy }) });
  };
  for (const member of HOLDERS)
    for (const word of ["quoll", "numbat"]) await add(member, `${word}-${member.toLowerCase()}`);
  await add("MY", "bilby-my", "SG");
  return words;
}

function namedCode(words: readonly AgencyWord[]): string {
  return words.find(({ namedBy }) => namedBy === "SG")?.code ?? "";
}

/** The importer's officer is asked, too, and sees what would go out. */
function asksBoth({ rules }: { rules: readonly any[] }): object {
  const both = ["SG:officer", "MY:officer"];
  return { rules: rules.map((rule) => (rule.then === "approve" ? { ...rule, approvers: both } : rule)) };
}

function live(id: string, organisation: string, also: readonly string[] = []): Thing {
  return { id, organisation, realm: "live", also };
}

async function state(
  api: Caller,
  things: Things,
  member: string,
  query: string,
  objects: readonly object[],
  realm: Thing["realm"] = "live",
) {
  const { body, text } = await submitAndWait(api, query, bundleOf(...objects), JSON_TYPE);
  if (body.status !== "done" || body.counts.rejected > 0) throw new Error(text);
  things.submission.push({ ...live(body.id, member), realm });
  const ids: string[] = body.records.flatMap((record: { ids: string[] }) => record.ids);
  things.object.push(...ids.map((id) => ({ ...live(id, member, READING), realm })));
  return { ids, approvals: body.approvals as { id: string; state: string }[] };
}

/** To everybody, and to others with their agencies. */
async function share(api: Caller, things: Things, member: string): Promise<void> {
  const others = READING.filter((one) => one !== member);
  await state(api, things, member, "?tlp=green", [indicator(`alpha${member}`)]);
  await state(api, things, member, `?tlp=amber&to=${others.join(",")}`, [indicator(`beta${member}`)]);
}

/** One that SG's officer has agreed to, so that MY's is asked. */
async function waits(
  as: (member: string, role?: "officer") => Caller,
  things: Things,
  to: string,
): Promise<void> {
  const incident = sdo("incident", `gamma${things.approval.length}`, { name: "who was hit" });
  const { approvals } = await state(as("SG"), things, "SG", `?tlp=amber&to=${to}`, [incident]);
  if (approvals.length === 0) throw new Error("nobody was asked");
  for (const { id } of approvals) {
    const { etag } = good(await as("SG", "officer").get(`/v1/approvals/${id}`));
    good(
      await as("SG", "officer").post(`/v1/approvals/${id}/approval`, undefined, { "if-match": `"${etag}"` }),
    );
    things.approval.push({ ...live(id, "SG"), officersOf: "MY" });
  }
  await until(30_000, "the notice to MY", async () =>
    (await wholeLog(as("MY"), "&kinds=alert")).some(({ object }) =>
      object.content?.includes(approvals.at(-1)?.id),
    )
      ? true
      : undefined,
  );
}

/** One recall of what everybody's agencies had, and one of what one was named for. */
async function takeBack(api: Caller, things: Things): Promise<void> {
  for (const query of ["?tlp=green", "?tlp=amber&to=MY,TH,CN", "?tlp=amber&to=MY:bilby-my,TH"]) {
    const { ids } = await state(api, things, "SG", query, [indicator(`delta${things.recall.length}`)]);
    const { recall } = good(await api.post(`/v1/objects/${ids[0]}/withdraw`, {}));
    things.recall.push(live(recall, "SG", READING));
  }
}
