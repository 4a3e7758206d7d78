import { until } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { COMMON_WORD, wholeReport } from "./bundles.ts";
import type { Canary } from "./canaries.ts";
import { AGENCIES, MEMBERS, type Reader } from "./readers.ts";
import { audience, expectMade, JSON_TYPE, ownOf, type Sower, submit } from "./sower.ts";

/** Bytes that become no object: they are in the raw submission, its losses and its refusals. */
export async function plantRawContent(sower: Sower): Promise<void> {
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
  await as("MY").api.raw("/v1/submissions?tlp=clear&dryRun=true", bundleOf(...wholeReport(dry.text)), {
    "content-type": JSON_TYPE,
  });
  const unmarked = canaries.plant("a submission that was not accepted", "own", () => false);
  await as("MY").api.raw("/v1/submissions", bundleOf(...wholeReport(unmarked.text)), {
    "content-type": JSON_TYPE,
  });
}

/** One with a canary in URL, description and filter for each receiver; TH's is paused while things are released. */
export async function plantWebhooks({ canaries, receivers, as, things }: Sower): Promise<void> {
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

/** Names and addresses of sources are their organisation's own; a credential is nobody's to read. */
export async function plantSources({ canaries, as, things }: Sower): Promise<void> {
  for (const code of ["MY", "SG:example-power"]) {
    const canary = canaries.plant(`the source of ${code}`, "own", ownOf(code, ["analyst", "officer"]));
    const secret = canaries.plant(`the credential of ${code}'s source`, "own", () => false);
    const made = expectMade(
      await as(code).api.post("/v1/sources", {
        url: `https://${canary.text}.invalid/taxii2/`,
        name: canary.text,
        collection: canary.text,
        credential: { user: secret.text, secret: secret.text },
      }),
    );
    things.source.push({ id: made.id, organisation: code, realm: "live" });
  }
}

/** An organisation's own warning lists name what it trusts: that is its own affair. */
export async function plantWarningLists({ canaries, as, things }: Sower): Promise<void> {
  for (const code of ["MY", "SG"]) {
    const canary = canaries.plant(`the warning list of ${code}`, "own", ownOf(code));
    const list = { name: canary.text, version: 1, type: "hostname", list: [`${canary.text}.example.com`] };
    const source = `?source=${canary.text}`;
    const { api } = as(code, "officer");
    const made = expectMade(await api.post(`/v1/warning-lists${source}`, list));
    things.warningList.push({ id: made.list.id, organisation: code, realm: "live" });
  }
}

/** A rule of TH that matches one report: its name travels in the alert, and to TH alone. */
export async function plantAlertRule({ canaries, as, things }: Sower): Promise<void> {
  const rule = canaries.plant(
    "the alert rule of TH",
    "content",
    audience({ tlp: "amber+strict", producer: "TH" }),
    { inAlerts: true },
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

/** What organisations have is theirs alone; a webhook and a rule of TH ask for it, and name nothing of it. */
export async function plantWatchLists({ canaries, as, things }: Sower): Promise<void> {
  const readers = ["analyst", "subscriber", "coordinator", "officer"];
  for (const code of ["MY", "TH", "SG:example-power"]) {
    const canary = canaries.plant(`the watch list of ${code}`, "own", ownOf(code, readers));
    const values = [`${canary.text}.example.com`, `cpe:2.3:a:${canary.text}:*:*:*:*:*:*:*:*:*`];
    const answer = await as(code).api.send("PUT", "/v1/watch", { values }, { "if-match": '"0"' });
    if (answer.status !== 200) throw new Error(answer.text);
  }
  const filter = { values: ["@watch"] };
  const rule = expectMade(await as("TH").api.post("/v1/alert-rules", { name: "what we have", filter }));
  things.alertRule.push({ id: rule.id, organisation: "TH", realm: "live" });
}

export async function waitForAlert({ as, things }: Sower): Promise<void> {
  const alerts = await until(30_000, "an alert", async () => {
    const { body } = await as("TH").api.get("/v1/alerts?state=raised");
    return body.items.length > 0 ? (body.items as { id: string }[]) : undefined;
  });
  for (const { id } of alerts) things.alert.push({ id, organisation: "TH", realm: "live" });
}

export async function plantAdvisories(sower: Sower): Promise<void> {
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

/** What two members agree on is theirs alone. */
export async function plantAgreements({ canaries, as, things }: Sower): Promise<void> {
  const cert = (one: Reader) =>
    one.realm === "live" &&
    (one.party?.code === "KH" || one.party?.code === "LA") &&
    (one.role === "analyst" || one.role === "officer");
  const canary = canaries.plant("an agreement", "own", cert);
  const made = expectMade(
    await as("KH", "officer").api.post("/v1/agreements", {
      with: "LA",
      kind: "nda",
      title: canary.text,
      reference: canary.text,
      begins: "2026-01-01",
    }),
  );
  things.agreement.push({ id: made.id, organisation: "KH", also: ["LA"], realm: "live" });
}

/** Names of keys, people and agencies: a member's own affair, and the operator's. */
export async function plantIdentity({ canaries, as, things, readers }: Sower): Promise<void> {
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

export function plantMembers({ things }: Sower): void {
  for (const code of MEMBERS) things.member.push({ id: code, organisation: code, realm: "live" });
  for (const code of AGENCIES)
    things.agency.push({ id: code, organisation: code.slice(0, 2), realm: "live" });
}
