import { randomBytes } from "node:crypto";
import { caller, submitAndWait, until, waitForSubmission, wholeLog } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { QUIET_DRILL } from "../../support/quiet-drill.ts";
import { publish } from "../../support/sessions.ts";
import { indicator } from "../bundles.ts";
import { domainId } from "../canaries.ts";
import { expectMade } from "../sower.ts";
import { OWNER, OWNERS_WORD, type Owned, type Thing } from "./kinds.ts";
import { makeAgreements } from "./own-agreements.ts";
import { makeApprovals } from "./own-approvals.ts";
import { makeExports } from "./own-exports.ts";
import { makePolicies } from "./own-policies.ts";
import { makeEntries, makeWitnesses } from "./own-proofs.ts";
import { makeRecalls } from "./own-recalls.ts";
import { makeRed, type People, signInPeople } from "./own-red.ts";
import { makeWarningLists } from "./own-warning-lists.ts";

/** Its agency: whose code a dry run names where it would receive something, and whose name no other member is told. */
const AGENCY = "harbour";
const STRICT = "?tlp=amber%2Bstrict";
const JSON_TYPE = "application/json";
const TAXII = "application/taxii+json;version=2.1";

/** Keys of a drill's players, by member. */
export type Players = Record<string, { analyst: string; subscriber: string }>;

type Made = { owned: Owned; players: Players; people: People };

/** Makes one thing of each kind, live and ended, as the owner. */
export async function makeOwned(platform: PlatformProcess): Promise<Made> {
  const as = (role: "analyst" | "officer" | "subscriber" | "coordinator") =>
    caller(platform.url, platform.key(OWNER, role));
  const rules = await makeRules(as("analyst"));
  const content = await makeContent(as("analyst"), as("officer"));
  const { players, ...drills } = await makeDrills(platform, as("coordinator"));
  const people = await signInPeople(platform);
  const red = await makeRed(people);
  const recall = await makeRecalls(platform);
  const owned = {
    ...content,
    ...red,
    recall,
    ...(await makeExports(platform)),
    warningList: await makeWarningLists(platform),
    approval: await makeApprovals(platform),
    agreement: await makeAgreements(platform),
    ...(await makePolicies(platform)),
    ...(await makeWitnesses(platform)),
    ...(await makeEntries(platform, content.object)),
    ...rules,
    webhook: await makeWebhooks(as("subscriber")),
    source: await makeSources(as("analyst")),
    alert: await raisedAlerts(as("analyst"), caller(platform.url, platform.key("MY"))),
    advisory: await makeAdvisories(as("analyst"), as("officer")),
    ...drills,
    ...(await makeIdentity(platform, as("officer"))),
    ...(await makeTickets(platform, as("analyst"))),
    member: [{ id: OWNER, is: "a member" }],
  };
  return { owned, players, people };
}

/** The owner plays in it: its own keys of another realm are strangers, too. */
const SCENARIO = QUIET_DRILL.replace("MY: MyCERT, TH: ThaiCERT", "SG: SingCERT, MY: MyCERT").replace(
  "A quiet drill",
  OWNERS_WORD,
);

type Api = ReturnType<typeof caller>;

async function makeContent(
  analyst: Api,
  officer: Api,
): Promise<Pick<Owned, "submission" | "taxiiStatus" | "object" | "value">> {
  const value = `held${randomBytes(4).toString("hex")}.swapped.example`;
  const domain = { type: "domain-name", spec_version: "2.1", id: domainId(value), value };
  const held = [indicator(`${OWNERS_WORD}-strictone`), indicator(`${OWNERS_WORD}-withdrawnone`)];
  const seeking = { ...indicator(`${OWNERS_WORD}-seekingone`), pattern: `[domain-name:value = '${value}']` };
  const done = await submitAndWait(analyst, STRICT, bundleOf(...held, domain, seeking), JSON_TYPE);
  if (done.body.counts?.accepted !== 4) throw new Error(done.text);
  const [strict, withdrawn] = held.map(({ id }) => id) as [string, string];
  const answer = await officer.post(`/v1/objects/${withdrawn}/withdraw`);
  if (answer.status !== 200) throw new Error(answer.text);
  const failed = await submitAndWait(analyst, STRICT, '{"type":"bundle","objects":[{}]}', JSON_TYPE);
  const posted = await analyst.raw(
    "/taxii2/live/collections/tlp-amber-strict/objects/",
    JSON.stringify({ objects: [indicator(`${OWNERS_WORD}-postedone`)] }),
    { accept: TAXII, "content-type": TAXII },
  );
  if (posted.status !== 202) throw new Error(posted.text);
  await waitForSubmission(analyst, posted.body.id);
  return {
    submission: [
      { id: done.body.id, is: "done" },
      { id: failed.body.id, is: "one of nothing good" },
    ],
    taxiiStatus: [{ id: posted.body.id, is: "complete" }],
    object: [
      { id: strict, is: "a strict indicator" },
      { id: domain.id, is: "a strict observable" },
      { id: withdrawn, is: "withdrawn" },
    ],
    value: [{ id: value, is: "in a strict report" }],
  };
}

async function makeWebhooks(api: Api): Promise<Thing[]> {
  const make = async (): Promise<string> => {
    const hook = { url: "https://hooks.example.com/swapped", description: "swapped", after: 0 };
    return expectMade(await api.post("/v1/webhooks", hook)).id;
  };
  const [paused, deleted] = [await make(), await make()];
  await api.post(`/v1/webhooks/${paused}/pause`);
  await api.send("DELETE", `/v1/webhooks/${deleted}`);
  return [
    { id: paused, is: "paused" },
    { id: deleted, is: "deleted" },
  ];
}

async function makeSources(api: Api): Promise<Thing[]> {
  const make = async (name: string): Promise<string> => {
    const source = { url: `https://${name}.invalid/taxii2/`, name, everySeconds: 604_800 };
    const { id } = expectMade(await api.post("/v1/sources", source));
    await api.post(`/v1/sources/${id}/pause`);
    return id;
  };
  const [paused, deleted] = [await make("swapped"), await make("swapped-away")];
  await api.send("DELETE", `/v1/sources/${deleted}`);
  return [
    { id: paused, is: "paused" },
    { id: deleted, is: "deleted" },
  ];
}

/** Before there is content: rules are about what comes later. */
async function makeRules(api: Api): Promise<Pick<Owned, "alertRule">> {
  const make = async (name: string): Promise<string> =>
    expectMade(await api.post("/v1/alert-rules", { name, filter: { types: ["indicator"] } })).id;
  const [live, deleted] = [await make("swapped"), await make("swapped away")];
  await api.send("DELETE", `/v1/alert-rules/${deleted}`);
  return {
    alertRule: [
      { id: live, is: "live" },
      { id: deleted, is: "deleted" },
    ],
  };
}

/** What another states to the owner alone raises them. */
async function raisedAlerts(api: Api, other: Api): Promise<Thing[]> {
  const told = [indicator("alarmingone"), indicator("alarmingtwo")];
  await submitAndWait(other, `${STRICT}&to=${OWNER}`, bundleOf(...told), JSON_TYPE);
  const items = await until(30_000, "two alerts", async () => {
    const { body } = await api.get("/v1/alerts?state=raised");
    return body.items.length >= 2 ? (body.items as { id: string }[]) : undefined;
  });
  const [raised, acknowledged] = items.map(({ id }) => id) as [string, string];
  await api.post(`/v1/alerts/${acknowledged}/acknowledge`);
  return [
    { id: raised, is: "raised" },
    { id: acknowledged, is: "acknowledged" },
  ];
}

async function makeAdvisories(analyst: Api, officer: Api): Promise<Thing[]> {
  const make = async (): Promise<string> => {
    const draft = { title: "swapped", body: "swapped", tlp: "amber+strict" };
    return expectMade(await analyst.post("/v1/advisories", draft)).id;
  };
  const [draft, published] = [await make(), await make()];
  const answer = await officer.post(`/v1/advisories/${published}/publish`);
  if (answer.status !== 200) throw new Error(answer.text);
  await until(30_000, "the advisory in the log", async () =>
    (await wholeLog(analyst, "&kinds=advisory")).length > 0 ? true : undefined,
  );
  return [
    { id: draft, is: "a draft" },
    { id: published, is: "published" },
  ];
}

async function makeDrills(
  platform: PlatformProcess,
  api: Api,
): Promise<Pick<Owned, "drill" | "realm" | "cursor"> & { players: Players }> {
  const make = async () => expectMade(await api.post("/v1/drills", { scenario: SCENARIO }));
  const [ready, ended, archived] = [await make(), await make(), await make()];
  for (const { id } of [ended, archived]) await api.post(`/v1/drills/${id}/end`);
  const gone = await api.post(`/v1/drills/${archived.id}/archive`);
  if (gone.status !== 200) throw new Error(gone.text);
  const player = caller(platform.url, ready.keys.MY.analyst);
  const { body } = await player.get("/v1/log");
  return {
    players: ready.keys as Players,
    drill: [
      { id: ready.id, is: "ready" },
      { id: ended.id, is: "ended" },
      { id: archived.id, is: "archived" },
    ],
    realm: [
      { id: ready.realm, is: "of a drill" },
      { id: archived.realm, is: "of an archived drill" },
    ],
    cursor: [{ id: body.next, is: "into a drill's log" }],
  };
}

async function makeIdentity(
  platform: PlatformProcess,
  officer: Api,
): Promise<Pick<Owned, "key" | "person" | "agency" | "signInToken" | "collection">> {
  const agency = async (code: string): Promise<string> =>
    expectMade(await officer.post("/v1/agencies", { code, name: `${OWNERS_WORD} ${code}`, sector: "energy" }))
      .code;
  const person = async (title: string): Promise<string> =>
    expectMade(await officer.post("/v1/people", { title, roles: ["analyst"] })).id;
  const key = async (label: string): Promise<string> =>
    expectMade(await officer.post("/v1/keys", { roles: ["subscriber"], label })).id;
  const agencies = [await agency(AGENCY), await agency(`${AGENCY}-away`)];
  await officer.send("DELETE", `/v1/agencies/${agencies[1]}`);
  const people = [
    await person("swapped"),
    await person("swapped away"),
    await person("swapped, unpublished"),
  ];
  const link = expectMade(await officer.post(`/v1/people/${people[0]}/sign-in-link`));
  await caller(platform.url, undefined).post("/v1/sign-in", { token: link.token });
  await officer.send("DELETE", `/v1/people/${people[1]}`);
  await publish(officer, people[2] ?? "");
  await officer.send("DELETE", `/v1/people/${people[2]}/contact`);
  const keys = [await key("swapped"), await key("swapped away")];
  await officer.send("DELETE", `/v1/keys/${keys[1]}`);
  return {
    agency: named(agencies, "active", "removed"),
    person: named(people, "active", "removed", "a contact no more"),
    key: named(keys, "live", "revoked"),
    signInToken: [{ id: link.token, is: "used" }],
    collection: [{ id: await collectionOf(officer, `producer-sg-${AGENCY}`), is: "of its agency" }],
  };
}

function named(ids: readonly string[], ...states: string[]): Thing[] {
  return ids.map((id, n) => ({ id, is: states[n] ?? "" }));
}

async function collectionOf(api: Api, alias: string): Promise<string> {
  const { body } = await api.get("/taxii2/live/collections/", { accept: TAXII });
  const found = (body.collections as { id: string; alias: string }[]).find((one) => one.alias === alias);
  if (found === undefined) throw new Error(`there is no collection ${alias}`);
  return found.id;
}

async function makeTickets(platform: PlatformProcess, api: Api): Promise<Pick<Owned, "ticket">> {
  const { ticket } = expectMade(await api.post("/v1/live/ticket"));
  // Whoever comes by it is let in, once: it is a secret, and no id.
  await caller(platform.url, undefined).get(`/v1/live?ticket=${ticket}&after=x`);
  return { ticket: [{ id: ticket, is: "used" }] };
}
