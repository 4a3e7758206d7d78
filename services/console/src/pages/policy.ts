import {
  citeText,
  type GuideCite,
  type GuideEntry,
  type GuideText,
  type PairPolicy,
  type PairRule,
  type ReadableGuide,
} from "@suar/policy";
import { escapeHtml, layout } from "./layout.ts";

/** `/policies/CN-SG`: one policy in words, each rule with its source, and the clauses behind it. */
export function policyPage(guide: ReadableGuide): string {
  const { policy, file, policyHash, notice } = guide;
  const title = `From ${policy.exporter} to ${policy.importer === "public" ? "the public" : policy.importer}`;
  return layout(
    `${title} · Suar`,
    `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(standingText(guide))} ${escapeHtml(timesText(policy))}</p>
<p><code>${escapeHtml(file)}</code>, SHA-256 <code>${escapeHtml(policyHash)}</code>. <a href="/policies">All pairs</a>.</p>
<h2>What flows</h2>${facts(policy)}
<h2>Personal data, at the least</h2><p>${OPERATIONS}</p>${table(Object.entries(policy.personalData))}
<h2>Rules</h2>${guide.rules.map(ruleText).join("") || "<p>None of its own.</p>"}
<h2>Clauses</h2><p>${escapeHtml(notice)}</p>
<p>${unverifiedText(guide)}</p>${guide.entries.map((one) => entryText(one, guide)).join("")}
<h2>Texts</h2>${table(Object.values(guide.texts).map(textRow))}`,
  );
}

const OPERATIONS =
  "drop takes it out, mask leaves its shape, hmac puts a pseudonym in its place, cryptopan one that keeps the network of an address.";

function standingText({ policy, standing }: ReadableGuide): string {
  const parties =
    policy.importer === "public" ? policy.exporter : `${policy.exporter} and ${policy.importer}`;
  return standing === "signed"
    ? `Version ${policy.version}, signed by ${parties}.`
    : `Version ${policy.version}, the default that Suar ships: in force until ${parties} sign another.`;
}

function timesText({ effective: { from, until } }: PairPolicy): string {
  return `In force from ${from}${until === null ? "" : ` until ${until}`}.`;
}

function facts({ basis, allow, allowNamed, quota, deadlineHours, obligations }: PairPolicy): string {
  const times = [basis.signed && `signed ${basis.signed}`, basis.expires && `until ${basis.expires}`];
  const ground = [basis.id, basis.kind, basis.status, ...times].filter(
    (word) => word !== null && word !== "",
  );
  return table([
    ["to everybody whom its marking reaches", listText(allow)],
    ["to those alone whom the originator names", listText(allowNamed)],
    ["all else", "withheld"],
    ["ground for personal data", ground.join(", ")],
    ["individuals a year", quota === null ? "no bound" : String(quota)],
    ["approvals are waited for", `${deadlineHours} h`],
    ["the recipient undertakes", listText(obligations)],
  ]);
}

function listText(words: readonly string[]): string {
  return words.length === 0 ? "nothing" : words.join(", ");
}

function table(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table>${cells.join("")}</table>`;
}

function ruleText({ rule, entry }: ReadableGuide["rules"][number]): string {
  const guide = entry === undefined ? "" : ` <a href="#${anchorOf(entry)}">${escapeHtml(entry.subject)}</a>`;
  const obliges = rule.obligations ?? [];
  return `<div class="rule" id="${escapeHtml(rule.id)}"><h3><code>${escapeHtml(rule.id)}</code> (the ${rule.party}'s)</h3>
<p>If ${escapeHtml(conditionText(rule))}: ${escapeHtml(doesText(rule))}.</p>${obliges.length === 0 ? "" : `<p>The recipient undertakes: ${escapeHtml(listText(obliges))}.</p>`}
<p>Source: ${escapeHtml(rule.source)}.${guide}</p></div>`;
}

/** The vocabulary of conditions, for people. */
const WORDS: Readonly<Record<string, string>> = {
  contentClass: "class",
  tlp: "TLP",
  pap: "PAP",
  basisStatus: "status of the ground",
  basisKind: "ground",
  recipient: "kind of recipient",
  lacksAgreement: "what the recipient is not party to",
  individualsYtd: "individuals this year",
};

function conditionText({ if: condition }: PairRule): string {
  const parts = Object.entries(condition).map(([name, wanted]) => wordText(name, wanted));
  return parts.length === 0 ? "always" : parts.join(", and ");
}

function wordText(name: string, wanted: unknown): string {
  const not = wanted === false ? " not" : "";
  if (name === "named") return `the originator does${not} name the recipient itself`;
  if (name === "onward") return `the recipient does${not} stand behind the importer's CERT`;
  if (name === "pii")
    return wanted === "any" ? "personal data was found" : `what was found ${wantedText(wanted)}`;
  return `${WORDS[name] ?? name} ${wantedText(wanted)}`;
}

function wantedText(wanted: unknown): string {
  if (Array.isArray(wanted)) return `is ${wanted.join(" or ")}`;
  if (typeof wanted !== "object" || wanted === null) return `is ${String(wanted)}`;
  return Object.entries(wanted)
    .map(([word, value]) => `${word === "gte" || word === "atLeast" ? "is at least" : word} ${String(value)}`)
    .join(" ");
}

function doesText(rule: PairRule): string {
  switch (rule.then) {
    case "withhold":
      return "it is withheld";
    case "approve":
      return `${rule.approvers.join(" and ")} ${rule.fourEyes ? "have to agree, two people of each" : "has to agree first"}`;
    case "redact":
      return Object.entries(rule.ops)
        .map(([kind, op]) => `${kind}: ${op}`)
        .join(", ");
  }
}

function unverifiedText({ entries, unverified, cited, checked }: ReadableGuide): string {
  if (unverified === 0) return "All of these were held against the texts themselves.";
  return `<span class="unverified">${unverified} of ${entries.length}</span> could not be held against the texts whole, and say so; of the ${cited} articles that they cite the wording of ${checked} was read, the others are marked (unchecked).`;
}

function textRow({ short, title, issuer, date }: GuideText): readonly [string, string] {
  return [short, [title, issuer, date].filter((part) => part !== null).join(", ")];
}

function anchorOf({ id }: GuideEntry): string {
  return escapeHtml(id.replace(":", "-"));
}

function entryText(
  { entry, rules }: ReadableGuide["entries"][number],
  { texts }: Pick<ReadableGuide, "texts">,
): string {
  const { subject, asean, china, others, difference, resulting, verified } = entry;
  const mark = verified ? "" : ' <span class="unverified">not checked against the texts</span>';
  const cited = (cites: readonly GuideCite[]) => cites.map((cite) => citeText(cite, texts)).join("; ");
  const clause = (name: string, said: GuideEntry["asean"]): readonly [string, string] => [
    name,
    said === null ? "says nothing of it, as far as we know" : `${cited(said.cites)}: ${said.says}`,
  ];
  const named = rules.map((rule) => rule.split("#")[1] ?? rule);
  return `<div class="rule" id="${anchorOf(entry)}"><h3>${escapeHtml(subject)}${mark}</h3>${table([
    clause("ASEAN", asean),
    clause("China", china),
    ...(others.length === 0 ? [] : [["others", cited(others)] as const]),
    ["difference", difference],
    ["so", resulting],
    ...(named.length === 0 ? [] : [["leads to", named.join(", ")] as const]),
  ])}</div>`;
}
