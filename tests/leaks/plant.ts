import { randomUUID } from "node:crypto";
import { type Answer, type Caller, caller, submitAndWait, until } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";
import type { Receiver } from "../support/receiver.ts";
import { bundle, COMMON_WORD, indicator, sdo, wholeReport } from "./bundles.ts";
import type { Canaries, Canary } from "./canaries.ts";
import { maySee, type Party, type PlantedTlp, party } from "./oracle.ts";
import { AGENCIES, MEMBERS, type Reader } from "./readers.ts";
import { noThings, type Thing, type Things } from "./things.ts";

export type Planted = {
  things: Things;
  /** Withdrawn later: until then all of GREEN's audience has it. */
  toWithdraw: { canary: Canary; ids: string[] };
};

export type Ground = {
  platform: PlatformProcess;
  canaries: Canaries;
  readers: readonly Reader[];
  /** A receiver for each organisation that has a webhook. */
  receivers: ReadonlyMap<string, Receiver>;
};

const TLPS: readonly PlantedTlp[] = ["clear", "green", "amber", "amber+strict"];
const PRODUCERS = ["SG", "MY", "CN", "SG:example-power"];
/** Nobody named, a CERT, a CERT with agencies and another one's agency. */
const NAMED: readonly string[][] = [[], ["TH"], ["MY", "CN:example-bank"]];

type Sower = Ground & { things: Things; as(code: string, role?: string): Reader };

/** Plants canaries in everything that takes text, and tells who made what. */
export async function plant(ground: Ground): Promise<Planted> {
  const sower: Sower = {
    ...ground,
    things: noThings(),
    as: (code, role = "analyst") => readerOf(ground.readers, code, role),
  };
  plantMembers(sower);
  await plantWebhooks(sower);
  await plantAlertRule(sower);
  for (const producer of PRODUCERS) {
    for (const tlp of TLPS) for (const to of NAMED) await plantReport(sower, producer, tlp, to);
  }
  await plantFormats(sower);
  await plantNewerVersion(sower);
  await plantMixedMarkings(sower);
  await plantRawContent(sower);
  await plantAdvisories(sower);
  await plantIdentity(sower);
  const toWithdraw = await plantWhatIsWithdrawn(sower);
  await waitForAlert(sower);
  return { things: sower.things, toWithdraw };
}

function readerOf(readers: readonly Reader[], code: string, role: string): Reader {
  const found = readers.find((one) => one.realm === "live" && one.party?.code === code && one.role === role);
  if (found === undefined) throw new Error(`there is no ${code} ${role}`);
  return found;
}

/** Those of the live realm whom the oracle lets see it. */
function audience(marking: {
  tlp: PlantedTlp;
  producer: string;
  to?: readonly string[];
}): (reader: Reader) => boolean {
  const whole = { tlp: marking.tlp, producer: party(marking.producer), to: marking.to ?? [] };
  return ({ realm, party: who }) => realm === "live" && who !== undefined && maySee(whole, who);
}

const ownOf =
  (code: string, roles?: readonly string[]) =>
  ({ realm, party: who, role }: Reader): boolean =>
    realm === "live" && who?.code === code && (roles === undefined || roles.includes(role ?? ""));

async function submit(
  { things, as }: Sower,
  producer: string,
  query: string,
  body: string,
  type: string,
): Promise<Answer> {
  const answer = await submitAndWait(as(producer).api, query, body, type);
  if (answer.body.status !== "done") throw new Error(`${producer}${query}: ${answer.text}`);
  things.submission.push({ id: answer.body.id, organisation: producer, realm: "live" });
  things.object.push(...someObjects(answer, producer, "live"));
  return answer;
}

/** The first and the last object of a submission: the crawl asks for each as everybody, lists show the others. */
function someObjects({ body }: Answer, organisation: string, realm: Thing["realm"]): Thing[] {
  const ids = (body.records as { ids: string[] }[]).flatMap((record) => record.ids);
  return [...new Set([ids.at(0), ids.at(-1)])].flatMap((id) =>
    id === undefined ? [] : [{ id, organisation, realm }],
  );
}

const JSON_TYPE = "application/json";

/** The marking is in the content of every other one, and in the parameter of the rest. */
async function plantReport(
  sower: Sower,
  producer: string,
  tlp: PlantedTlp,
  to: readonly string[],
): Promise<void> {
  const what = `TLP:${tlp.toUpperCase()} of ${producer} to ${to.join(" and ") || "nobody named"}`;
  const canary = sower.canaries.plant(what, "content", audience({ tlp, producer, to }));
  const inContent = sower.canaries.all().length % 2 === 0;
  const recipients = to.length === 0 ? "" : `to=${to.join(",")}`;
  const query = inContent ? `?${recipients}` : `?tlp=${encodeURIComponent(tlp)}&${recipients}`;
  const report = bundle(wholeReport(canary.text, inContent ? tlp : undefined));
  const { body } = await submit(sower, producer, query, report, JSON_TYPE);
  if (body.counts.rejected > 0) throw new Error(`${what}: ${JSON.stringify(body.records)}`);
}

async function plantFormats(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const csv = canaries.plant(
    "a table for TH",
    "content",
    audience({ tlp: "amber", producer: "MY", to: ["TH"] }),
  );
  await submit(
    sower,
    "MY",
    "?tlp=amber&to=TH",
    `value,description\n${csv.text}v.example.com,${csv.text} seen ${COMMON_WORD}\n`,
    "text/csv",
  );
  const text = canaries.plant(
    "pasted text",
    "content",
    audience({ tlp: "amber+strict", producer: "CN", to: ["VN"] }),
  );
  await submit(
    sower,
    "CN",
    "?tlp=amber%2Bstrict&to=VN&format=text",
    `see hxxp://${text.text}v[.]example[.]com/x`,
    "text/plain",
  );
  const incident = canaries.plant(
    "an incident's narrative",
    "content",
    audience({ tlp: "amber", producer: "SG", to: ["MY"] }),
  );
  const narrative = `${incident.text} ${COMMON_WORD}\nOur mail server talked to ${incident.text}v.example.com\n`;
  await submit(sower, "SG", "?tlp=amber&to=MY&format=text&kind=incident", narrative, "text/plain");
  const misp = canaries.plant(
    "a MISP event",
    "content",
    audience({ tlp: "amber+strict", producer: "SG", to: ["PH"] }),
  );
  await submit(sower, "SG", "?to=PH&format=misp", mispEvent(misp.text), JSON_TYPE);
}

function mispEvent(canary: string): string {
  const attribute = {
    uuid: randomUUID(),
    type: "domain",
    category: "Network activity",
    value: `${canary}v.example.com`,
    comment: `${canary} comment`,
    to_ids: true,
    timestamp: "1767600000",
  };
  const event = {
    uuid: randomUUID(),
    info: `${canary} ${COMMON_WORD}`,
    date: "2026-01-05",
    timestamp: "1767600000",
    threat_level_id: "2",
    analysis: "1",
    distribution: "0",
  };
  return JSON.stringify({ Event: { ...event, Tag: [{ name: "tlp:amber+strict" }], Attribute: [attribute] } });
}

/** First for all, then a newer version for MY alone: the others keep the first and never get the second. */
async function plantNewerVersion(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const first = canaries.plant("the first version", "content", audience({ tlp: "green", producer: "SG" }), {
    superseded: true,
  });
  const second = canaries.plant(
    "the narrower second version",
    "content",
    audience({ tlp: "amber", producer: "SG", to: ["MY"] }),
  );
  const original = indicator(first.text);
  await submit(sower, "SG", "?tlp=green", bundle([original]), JSON_TYPE);
  const newer = { ...indicator(second.text), id: original.id, modified: "2026-01-06T08:00:00.000Z" };
  await submit(sower, "SG", "?tlp=amber&to=MY", bundle([newer]), JSON_TYPE);
}

/** What is marked wider than what it tells of: it goes no further than that. */
async function plantMixedMarkings(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const strict = audience({ tlp: "amber+strict", producer: "SG", to: ["TH"] });
  const target = canaries.plant("a strict target", "content", strict);
  const link = canaries.plant("a green link to a strict target", "content", strict);
  const child = canaries.plant("a green child of a strict report", "content", strict);
  const malware = sdo(
    "malware",
    target.text,
    { name: `${target.text} ${COMMON_WORD}`, is_family: false },
    "amber+strict",
  );
  const source = indicator(target.text, "amber+strict");
  const relationship = sdo(
    "relationship",
    link.text,
    {
      relationship_type: "indicates",
      description: link.text,
      source_ref: source.id,
      target_ref: malware.id,
    },
    "green",
  );
  const inside = indicator(child.text, "green");
  const fields = {
    name: `${target.text} report`,
    published: "2026-01-05T08:00:00.000Z",
    object_refs: [inside.id],
  };
  const report = sdo("report", target.text, fields, "amber+strict");
  // The strict report comes last: its child was read long before.
  await submit(sower, "SG", "?to=TH", bundle([inside, relationship, source, malware, report]), JSON_TYPE);
}

/** Bytes that become no object: they are in the raw submission, its losses and its refusals. */
async function plantRawContent(sower: Sower): Promise<void> {
  const { canaries, as } = sower;
  const mine = ownOf("MY");
  const column = canaries.plant("a column that is lost", "own", ownOf("MY", ["analyst", "officer"]));
  const cell = canaries.plant("a cell that is lost", "own", mine);
  const refused = canaries.plant("a value that is refused", "own", mine);
  const table = `value,${column.text}\nraw-content.example.com,${cell.text}\n${refused.text} is no value,x\n`;
  await submit(sower, "MY", "?tlp=clear", table, "text/csv");
  const key = canaries.plant("an idempotency key", "own", mine);
  await as("MY").api.raw("/v1/submissions?tlp=green", "value\nidempotent.example.com\n", {
    "content-type": "text/csv",
    "idempotency-key": key.text,
  });
  const dry = canaries.plant("a dry run", "own", () => false);
  await as("MY").api.raw("/v1/submissions?tlp=clear&dryRun=true", bundle(wholeReport(dry.text)), {
    "content-type": JSON_TYPE,
  });
  const unmarked = canaries.plant("a submission that was not accepted", "own", () => false);
  await as("MY").api.raw("/v1/submissions", bundle(wholeReport(unmarked.text)), {
    "content-type": JSON_TYPE,
  });
}

/** One with a canary in URL, description and filter for each receiver; TH's is paused while things are released. */
async function plantWebhooks({ canaries, receivers, as, things }: Sower): Promise<void> {
  for (const [code, receiver] of receivers) {
    const canary = canaries.plant(
      `the webhook of ${code}`,
      "own",
      ownOf(code, ["analyst", "subscriber", "officer"]),
    );
    const body = { url: `${receiver.url}/${canary.text}`, description: canary.text, after: 0 };
    const hook = expectMade(await as(code, "subscriber").api.post("/v1/webhooks", body));
    things.webhook.push({ id: hook.id, organisation: code, realm: "live" });
    if (code === "TH") await as("TH", "subscriber").api.post(`/v1/webhooks/${hook.id}/pause`);
  }
}

/** A rule of TH that matches one report: its name travels in the alert, and to TH alone. */
async function plantAlertRule({ canaries, as, things }: Sower): Promise<void> {
  const rule = canaries.plant(
    "the alert rule of TH",
    "content",
    audience({ tlp: "amber+strict", producer: "TH" }),
  );
  const watched = canaries.plant("what TH watches", "own", ownOf("TH", ["analyst", "subscriber", "officer"]));
  const filter = { types: ["domain-name", "relationship"], producers: ["SG"] };
  const made = expectMade(await as("TH").api.post("/v1/alert-rules", { name: rule.text, filter }));
  const other = expectMade(
    await as("TH").api.post("/v1/alert-rules", {
      name: "assets",
      filter: { values: [`${watched.text}.example.com`] },
    }),
  );
  for (const { id } of [made, other]) things.alertRule.push({ id, organisation: "TH", realm: "live" });
}

async function waitForAlert({ as, things }: Sower): Promise<void> {
  const alerts = await until(30_000, "an alert", async () => {
    const { body } = await as("TH").api.get("/v1/alerts?state=raised");
    return body.items.length > 0 ? (body.items as { id: string }[]) : undefined;
  });
  for (const { id } of alerts) things.alert.push({ id, organisation: "TH", realm: "live" });
}

async function plantAdvisories(sower: Sower): Promise<void> {
  const { canaries, as, things } = sower;
  const readers = ["analyst", "subscriber", "officer"];
  const advise = async (producer: string, canary: Canary, marking: object): Promise<string> => {
    const draft = {
      title: `${canary.text} title`,
      body: `${canary.text} ${COMMON_WORD}`,
      labels: [canary.text],
      ...marking,
    };
    const made = expectMade(await as(producer).api.post("/v1/advisories", draft));
    things.advisory.push({ id: made.id, organisation: producer, realm: "live" });
    return made.id;
  };
  const publish = async (producer: string, id: string): Promise<void> => {
    const answer = await as(producer, "officer").api.post(`/v1/advisories/${id}/publish`);
    if (answer.status !== 200) throw new Error(answer.text);
    things.object.push({ id: answer.body.stixId, organisation: producer, realm: "live" });
  };
  await advise("SG", canaries.plant("an advisory's draft", "own", ownOf("SG", readers)), { tlp: "clear" });
  for (const [producer, tlp, to] of [
    ["MY", "green", []],
    ["CN", "amber", ["MY"]],
    ["SG", "amber+strict", ["TH"]],
  ] as const) {
    const canary = canaries.plant(
      `an advisory, TLP:${tlp.toUpperCase()}`,
      "content",
      audience({ producer, tlp, to }),
    );
    await publish(producer, await advise(producer, canary, { tlp, to }));
  }
}

/** Names of keys, people and agencies: a member's own affair, and the operator's. */
async function plantIdentity({ canaries, as, things, readers }: Sower): Promise<void> {
  const managers = (member: string) => (one: Reader) =>
    one.role === "operator" || (one.realm === "live" && one.party?.code === member && one.role === "officer");
  const label = canaries.plant("a key's label", "own", (one) => managers("SG")(one) || ownOf("SG")(one));
  const issued = expectMade(
    await as("SG", "officer").api.post("/v1/keys", { roles: ["subscriber"], label: label.text }),
  );
  things.key.push({ id: issued.id, organisation: "SG", realm: "live" });
  const title = canaries.plant("a person's function", "own", managers("MY"));
  const person = { title: title.text, email: `${title.text}@example.org`, roles: ["analyst"] };
  const added = expectMade(await as("MY", "officer").api.post("/v1/people", person));
  things.person.push({ id: added.id, organisation: "MY", realm: "live" });
  const name = canaries.plant(
    "an agency's name",
    "own",
    (one) => one.role === "operator" || (one.realm === "live" && one.party?.member === "VN"),
  );
  const agency = expectMade(
    await as("VN", "officer").api.post("/v1/agencies", {
      code: "planted",
      name: name.text,
      sector: "energy",
    }),
  );
  things.agency.push({ id: agency.code, organisation: "VN", realm: "live" });
  for (const one of readers) {
    const id = one.key?.split("_")[1];
    if (id !== undefined && one.party !== undefined)
      things.key.push({ id, organisation: one.party.code, realm: "live" });
  }
}

function plantMembers({ things }: Sower): void {
  for (const code of MEMBERS) things.member.push({ id: code, organisation: code, realm: "live" });
  for (const code of AGENCIES)
    things.agency.push({ id: code, organisation: code.slice(0, 2), realm: "live" });
}

async function plantWhatIsWithdrawn(sower: Sower): Promise<Planted["toWithdraw"]> {
  const canary = sower.canaries.plant(
    "what is withdrawn later",
    "content",
    audience({ tlp: "green", producer: "SG" }),
  );
  const { body } = await submit(sower, "SG", "?tlp=green", bundle(wholeReport(canary.text)), JSON_TYPE);
  return { canary, ids: (body.records as { ids: string[] }[]).flatMap(({ ids }) => ids) };
}

/** Takes everything of it back, with a canary in the reason. */
export async function withdrawAll(ground: Ground, { canary, ids }: Planted["toWithdraw"]): Promise<void> {
  const reason = ground.canaries.plant("the reason of a withdrawal", "own", () => false);
  const api = readerOf(ground.readers, "SG", "officer").api;
  for (const id of ids) {
    const answer = await api.post(`/v1/objects/${id}/withdraw`, { reason: reason.text });
    if (answer.status !== 200) throw new Error(answer.text);
  }
  canary.withdrawn = true;
}

export type PlantedDrill = { readers: Reader[]; content: Canary[] };

/** A drill of MY with SG and TH in it: its content is for them, and its title for MY's coordinator. */
export async function plantDrill(ground: Ground, things: Things): Promise<PlantedDrill> {
  const { canaries, platform } = ground;
  const coordinator = readerOf(ground.readers, "MY", "coordinator");
  const title = canaries.plant("a drill's title", "own", (one) => one === coordinator);
  const injected = canaries.plant(
    "what a drill's inject submits",
    "content",
    inDrill({ tlp: "green", producer: "SG" }),
  );
  const body = canaries.plant("what a drill's inject says to players", "own", () => false);
  const made = expectMade(
    await coordinator.api.post("/v1/drills", {
      scenario: scenarioOf(title.text, body.text, injected.text),
      speed: 600,
    }),
  );
  things.drill.push({ id: made.id, organisation: "MY", realm: "live" });
  const readers: Reader[] = [];
  for (const code of ["SG", "TH"]) {
    for (const role of ["analyst", "subscriber"] as const) {
      const key = made.keys[code][role] as string;
      readers.push({
        name: `the drill's ${code} ${role}`,
        realm: "drill",
        party: party(code),
        role,
        key,
        api: caller(platform.url, key),
      });
    }
  }
  await coordinator.api.post(`/v1/drills/${made.id}/start`);
  const content = [injected];
  for (const [tlp, to] of [
    ["green", []],
    ["amber", []],
    ["amber+strict", ["TH"]],
  ] as const) {
    const canary = canaries.plant(
      `a player's report, TLP:${tlp.toUpperCase()}`,
      "content",
      inDrill({ tlp, producer: "SG", to }),
    );
    content.push(canary);
    const query = `?tlp=${encodeURIComponent(tlp)}&to=${to.join(",")}`;
    const report = await submitAndWait(
      drillAnalyst(readers),
      query,
      bundle(wholeReport(canary.text)),
      JSON_TYPE,
    );
    things.submission.push({ id: report.body.id, organisation: "SG", realm: "drill" });
    things.object.push(...someObjects(report, "SG", "drill"));
  }
  await until(30_000, "the inject", async () => {
    const { body: drill } = await coordinator.api.get(`/v1/drills/${made.id}`);
    return drill.injects[0].state === "fired" ? true : undefined;
  });
  return { readers, content };
}

function drillAnalyst(readers: readonly Reader[]): Caller {
  const found = readers.find(({ party: who, role }) => who?.code === "SG" && role === "analyst");
  if (found === undefined) throw new Error("the drill has no SG analyst");
  return found.api;
}

function inDrill(marking: {
  tlp: PlantedTlp;
  producer: string;
  to?: readonly string[];
}): (reader: Reader) => boolean {
  const whole: { tlp: PlantedTlp; producer: Party; to: readonly string[] } = {
    tlp: marking.tlp,
    producer: party(marking.producer),
    to: marking.to ?? [],
  };
  return ({ realm, party: who }) => realm === "drill" && who !== undefined && maySee(whole, who);
}

function scenarioOf(title: string, body: string, content: string): string {
  return `drill: 1
id: 5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e7bb
title: { en: ${title} }
tlp: GREEN
duration: PT10H
clock: { speed: 1, min_human: PT1M }
objectives: { O1: nothing leaks }
participants: { SG: SingCERT, TH: ThaiCERT }
injects:
  - id: i1
    at: PT5M
    to: [SG]
    from: { role: nobody, via: email }
    body: { en: ${body} }
    submit: { by: SG, format: csv, tlp: GREEN, content: "value,description\\n${content}v.example.com,${content}\\n" }
`;
}

function expectMade(answer: Answer): Answer["body"] {
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}
