/**
 * A second way to decide, to hold `decide` against: read from the text of TLP 2.0 and from the policies' JSON as it
 * lies in the files. It works on sets of names where `decide` asks questions of one recipient, knows no rule of
 * `rules.ts` and no compiled policy, and is not meant to be fast. Used by tests alone.
 */

type OracleOrganisation = {
  id: number;
  code: string;
  member: string;
  kind: string;
  jurisdiction?: string | undefined;
  agreements?: readonly string[] | undefined;
};

type Marking = { tlp?: string | undefined; pap?: string | undefined };

export type OracleSubject = Marking & {
  type: string;
  contentClass: string;
  tlp: string;
  producer: OracleOrganisation;
  to: readonly string[];
  parents?: readonly Marking[] | undefined;
  releasableTo?: readonly string[] | undefined;
  noForward?: boolean | undefined;
  expires?: string | undefined;
  ends?: readonly (readonly number[])[] | undefined;
  purpose?: string | readonly string[] | undefined;
  labels?: readonly string[] | undefined;
  sectors?: readonly string[] | undefined;
  findings: readonly { path: string; class: string; individuals: number }[];
};

type OracleRule = {
  id: string;
  if: Record<string, unknown>;
  then: string;
  approvers?: string[];
  fourEyes?: boolean;
  ops?: Record<string, string>;
  obligations?: string[];
};

export type OraclePolicy = {
  exporter: string;
  importer: string;
  effective: { from: string; until: string | null };
  basis: { kind: string; status: string; signed: string | null; expires: string | null };
  allow: string[];
  allowNamed: string[];
  personalData: Record<string, string>;
  rules: OracleRule[];
  quota: number | null;
  deadlineHours: number;
  obligations: string[];
};

export type Verdict = {
  withheld: boolean;
  approvers: string[];
  fourEyes: boolean;
  /** How long the approvers have; null where nobody is asked. */
  deadlineHours: number | null;
  redactions: string[];
  obligations: string[];
};

export type OracleWorld = {
  organisations: readonly OracleOrganisation[];
  policies: readonly OraclePolicy[];
  now: string;
  ytd: number;
};

/** What each organisation gets. */
export function oracle(subject: OracleSubject, world: OracleWorld): Map<string, Verdict> {
  const reached = audience(subject, world);
  return new Map(
    world.organisations.map((one): [string, Verdict] => {
      const isOwn = one.code === subject.producer.code;
      const files = isOwn ? [] : borders(lawsOf(subject.producer), lawsOf(one));
      const verdict = together(
        files.map(([from, to]) => overTheBorder(subject, one, { from, to }, world)),
        subject,
      );
      return [one.code, { ...verdict, withheld: verdict.withheld || !reached.has(one.code) }];
    }),
  );
}

function lawsOf({ member, jurisdiction }: OracleOrganisation): Set<string> {
  return new Set([member, jurisdiction ?? member]);
}

/** Between all laws of the one and all of the other. */
function borders(from: ReadonlySet<string>, to: ReadonlySet<string>): [string, string][] {
  return [...from].flatMap((a) => [...to].filter((b) => a !== b).map((b): [string, string] => [a, b]));
}

type Crossed = Omit<Verdict, "redactions"> & { opOf: (kind: string) => string | undefined };

/** Under all the files at once: whatever any of them asks. */
function together(crossed: readonly Crossed[], { findings }: OracleSubject): Verdict {
  const hours = crossed.flatMap(({ deadlineHours }) => deadlineHours ?? []);
  const opOf = (kind: string) => STRICTEST_FIRST.find((op) => crossed.some((one) => one.opOf(kind) === op));
  const redactions = findings.flatMap((one) => {
    const op = opOf(one.class);
    return op === undefined ? [] : [`${one.path} ${one.class} ${op}`];
  });
  return {
    withheld: crossed.some(({ withheld }) => withheld),
    approvers: sorted(crossed.flatMap(({ approvers }) => approvers)),
    fourEyes: crossed.some(({ fourEyes }) => fourEyes),
    deadlineHours: hours.length === 0 ? null : Math.min(...hours),
    redactions: sorted(redactions),
    obligations: sorted(crossed.flatMap(({ obligations }) => obligations)),
  };
}

/** TLP 2.0 as a set of codes, narrowed set by set. */
function audience(subject: OracleSubject, { organisations, now }: OracleWorld): Set<string> {
  const { producer, to, releasableTo, noForward, expires, ends } = subject;
  const everybody = new Set(organisations.map(({ code }) => code));
  const where = (holds: (one: OracleOrganisation) => boolean) =>
    new Set(organisations.filter(holds).map(({ code }) => code));
  const self = new Set([producer.code]);
  const clientsOf = (code: string) => where(({ kind, member }) => kind === "agency" && member === code);
  const named = new Set(to).intersection(everybody);
  const withClients = to.reduce((all, code) => all.union(clientsOf(code)), named);
  const isForClients = producer.kind === "cert" && to.length === 0;
  const ownClients = isForClients ? clientsOf(producer.code) : new Set<string>();
  const addressed = to.length > 0 ? withClients : everybody;

  const label = strictest("tlp", TLP, subject);
  const byLabel: Record<string, Set<string>> = {
    clear: addressed.union(self),
    green: addressed.union(self).difference(where(({ kind }) => kind === "public")),
    amber: withClients
      .union(ownClients)
      .union(self)
      .difference(where(({ kind }) => kind === "public")),
    "amber+strict": named.union(self).difference(where(({ kind }) => kind === "public")),
    red: new Set(),
  };
  let left = (byLabel[label] ?? new Set<string>()).difference(where(({ kind }) => kind === "person"));
  if (releasableTo !== undefined)
    left = left.intersection(
      self.union(where(({ code, member }) => [code, member].some((name) => releasableTo.includes(name)))),
    );
  if (noForward === true) left = left.intersection(self.union(named));
  if (expires !== undefined && expires <= now) left = left.intersection(self);
  for (const end of ends ?? []) left = left.intersection(self.union(where(({ id }) => end.includes(id))));
  return left;
}

const TLP = ["clear", "green", "amber", "amber+strict", "red"];
const PAP = ["clear", "green", "amber", "red"];

function strictest(name: "tlp" | "pap", levels: readonly string[], subject: OracleSubject): string {
  const all = [subject[name], ...(subject.parents ?? []).map((parent) => parent[name])];
  return levels.findLast((level) => all.includes(level)) ?? "clear";
}

const STRICTEST_FIRST = ["drop", "mask", "hmac", "cryptopan"];

function overTheBorder(
  subject: OracleSubject,
  recipient: OracleOrganisation,
  { from, to }: { from: string; to: string },
  world: OracleWorld,
): Crossed {
  const policy = world.policies.find(({ exporter, importer }) => exporter === from && importer === to);
  if (policy === undefined) return NO_FILE;
  const facts = factsOf(subject, recipient, policy, world);
  const speaking = policy.rules.filter((rule) => speaks(rule, facts, world.ytd));
  const asking = speaking.filter((rule) => rule.then === "approve");
  const opsOf = (kind: string) => [policy.personalData[kind], ...speaking.map((rule) => rule.ops?.[kind])];
  const opOf = (kind: string) => STRICTEST_FIRST.find((op) => opsOf(kind).includes(op));
  const obligations = new Set([...policy.obligations, ...speaking.flatMap((rule) => rule.obligations ?? [])]);
  const countable = subject.findings.filter((finding) => policy.personalData[finding.class] !== "drop");
  const individuals = countable.reduce((sum, finding) => sum + finding.individuals, 0);
  const shut = [
    !isOpen(policy, subject, facts, world.now),
    speaking.some((rule) => rule.then === "withhold"),
    policy.quota !== null && individuals > 0 && world.ytd + individuals > policy.quota,
    obligations.has("no-onward") && facts.has("onward=true") && facts.has("named=false"),
  ];
  return {
    withheld: shut.includes(true),
    approvers: sorted(asking.flatMap(({ approvers = [] }) => approvers)),
    fourEyes: asking.some(({ fourEyes }) => fourEyes === true),
    deadlineHours: asking.length > 0 ? policy.deadlineHours : null,
    obligations: sorted([...obligations]),
    opOf,
  };
}

function isOpen(
  { effective, basis, allow, allowNamed }: OraclePolicy,
  { contentClass }: OracleSubject,
  facts: ReadonlySet<string>,
  now: string,
): boolean {
  const classes = new Set([...allow, ...(facts.has("named=true") ? allowNamed : [])]);
  const isTime = effective.from <= now && (effective.until === null || now < effective.until);
  const hasEnded = basis.status !== "none" && basis.expires !== null && basis.expires <= now;
  const isGrounded = !["expired", "suspended"].includes(basis.status) && !hasEnded;
  return classes.has(contentClass) && isTime && isGrounded;
}

/** All that is true of the crossing, as words: a condition holds when each of its words is among them. */
function factsOf(
  subject: OracleSubject,
  recipient: OracleOrganisation,
  { basis }: OraclePolicy,
  { now }: OracleWorld,
): Set<string> {
  const upTo = (levels: readonly string[], level: string) => levels.slice(0, levels.indexOf(level) + 1);
  const kinds = subject.findings.map((finding) => `pii=${finding.class}`);
  const hasEnded = basis.status !== "none" && basis.expires !== null && basis.expires <= now;
  const isEarly = basis.status === "signed" && basis.signed !== null && now < basis.signed;
  const status = hasEnded ? "expired" : isEarly ? "draft" : basis.status;
  return new Set([
    `contentClass=${subject.contentClass}`,
    `type=${subject.type}`,
    ...[subject.purpose ?? "defence"].flat().map((purpose) => `purpose=${purpose}`),
    `basisStatus=${status}`,
    `basisKind=${basis.kind}`,
    `recipient=${recipient.kind}`,
    `named=${subject.to.includes(recipient.code)}`,
    `onward=${recipient.kind === "agency"}`,
    ...upTo(TLP, strictest("tlp", TLP, subject)).map((level) => `tlp>=${level}`),
    ...upTo(PAP, strictest("pap", PAP, subject)).map((level) => `pap>=${level}`),
    ...(subject.labels ?? []).map((label) => `label=${label}`),
    ...(subject.sectors ?? []).map((sector) => `sector=${sector}`),
    ...kinds,
    ...(kinds.length > 0 ? ["pii=any"] : []),
    ...(recipient.agreements ?? []).map((agreement) => `agreement=${agreement}`),
  ]);
}

function speaks(rule: OracleRule, facts: ReadonlySet<string>, ytd: number): boolean {
  return Object.entries(rule.if).every(([name, wanted]) => {
    if (name === "individualsYtd") return ytd >= (wanted as { gte: number }).gte;
    if (name === "lacksAgreement") return !facts.has(`agreement=${wanted}`);
    if (name === "tlp" || name === "pap")
      return facts.has(`${name}>=${(wanted as { atLeast: string }).atLeast}`);
    return [wanted].flat().some((one) => facts.has(`${name}=${one}`));
  });
}

const NO_FILE: Crossed = {
  withheld: true,
  approvers: [],
  fourEyes: false,
  deadlineHours: null,
  obligations: [],
  opOf: () => undefined,
};

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}
