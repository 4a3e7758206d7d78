import type {
  ExplainedReceipt,
  ExplainedRecipient,
  ExplainedStatement,
  Explanation,
  SentRed,
  ToldDecision,
} from "@suar/contract";
import type { Command } from "commander";
import { cleanText } from "../shell/clean-text.ts";
import { type Context, run } from "../shell/context.ts";
import { table } from "../shell/terminal.ts";
import { decisionText, guideLines, redactionText } from "./decision-text.ts";
import { indent } from "./outcome.ts";

export function addExplain(program: Command): void {
  program
    .command("explain")
    .description("show who receives an object and why, who does not and by which rule of which file")
    .argument("<object>", "STIX id")
    .option("--member <code>", "one recipient alone: CN, an agency of yours, or public")
    .option(
      "--object-version <version>",
      "of what you stated: which version (suar get --json); else the newest",
    )
    .addHelpText(
      "after",
      `
Of what your organisation stated it tells every recipient: what is decided now, what was decided when
it was sent, and what came of it.

  released   it has it              waits      for data officers to agree
  withdrawn  you took it back       refused    by them
  closed     its access ended       lapsed     they did not answer in time
  not-sent   nothing went to it     (a star: what is in force now is not what was done)

Of what you received it tells your own line: what was left out, and what you undertake.

Examples:
  $ suar explain indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701
  $ suar explain incident--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701 --member MY
  $ suar submit report.json --tlp green --dry-run         tells the same before anything is sent

Next: suar policy show CN-SG, or the page /policies/CN-SG in a browser`,
    )
    .action(run(explain));
}

async function explain(
  context: Context,
  id: string,
  { member, objectVersion: version }: { member?: string; objectVersion?: string },
): Promise<undefined> {
  const client = await context.client();
  const found = await client.objects.explain(id, { member, version });
  await context.terminal.show(found, () => explanationText(found));
  return undefined;
}

function explanationText({ object, stated, received, sentRed, guide }: Explanation): string {
  return [
    cleanText(object),
    ...(stated === null ? [] : statedLines(stated)),
    ...received.flatMap(receivedLines),
    ...sentRed.map(sentLine),
    ...guideLines(guide),
  ].join("\n");
}

function statedLines({ version, tlp, to, withdrawnAt, recipients }: ExplainedStatement): string[] {
  const addressed = to === null ? "" : `, to ${to.join(", ")}`;
  const withdrawn = withdrawnAt === null ? "" : `, withdrawn ${withdrawnAt}`;
  return [
    cleanText(`you state version ${version}, TLP:${tlp.toUpperCase()}${addressed}${withdrawn}`),
    table(
      ["organisation", "state", "log", "gets now", "because"],
      recipients.map((one) => [
        one.organisation,
        `${one.state}${one.differs ? "*" : ""}`,
        one.entry === null ? null : `#${one.entry.seq}`,
        one.now === null ? null : getsText(one.now),
        one.now === null ? null : becauseText(one.now.reasons),
      ]),
    ),
    ...recipients.flatMap(detailLines),
  ];
}

function getsText(decision: ToldDecision): string {
  const left = redactionText(decision);
  return left === "" ? decisionText(decision) : `${decisionText(decision)}: ${left}`;
}

function becauseText(reasons: readonly { code: string; rule: string }[]): string {
  return reasons.map(({ code, rule }) => `${code} (${rule})`).join(", ");
}

function detailLines({ organisation, now, kept, differs, requests, agencies }: ExplainedRecipient): string[] {
  const waiting = requests.filter(({ state }) => state === "pending");
  const lines = [
    ...waiting.map(({ approvers, approvals, deadline }) => {
      return `waits for ${approvers.join(" and ")}, who have agreed ${approvals.length} times, until ${deadline}`;
    }),
    ...(differs && kept !== null
      ? [`was decided: ${kept.decision}, ${redactionText(kept)} ${becauseText(kept.reasons)}`]
      : []),
    ...(now !== null && now.obligations.length > 0 ? [`undertakes ${now.obligations.join(", ")}`] : []),
    ...(now !== null && now.names.length > 0
      ? [`does not see named: ${now.names.map(({ id }) => id).join(", ")}`]
      : []),
    ...(agencies !== null && agencies.decision !== now?.decision
      ? [`its agencies: ${getsText(agencies)}, since ${becauseText(agencies.reasons)}`]
      : []),
  ];
  return lines.length === 0 ? [] : [organisation, ...lines.map((line) => indent(cleanText(line, 400)))];
}

function receivedLines({ producer, state, tlp, seq, at, decision, policy }: ExplainedReceipt): string[] {
  const lines: string[] = [];
  const first = `you have it from ${producer}, TLP:${tlp.toUpperCase()}, #${seq} of ${at}: ${state}`;
  if (decision !== null) {
    const left = redactionText(decision);
    lines.push(`${decision.decision}${left === "" ? "" : `: ${left}`}`);
    if (decision.obligations.length > 0) lines.push(`you undertake: ${decision.obligations.join(", ")}`);
    for (const { pair, id, kind, status } of decision.bases) {
      lines.push(
        `ground of ${pair}: ${kind === "none" ? "none for personal data" : `${id}, ${kind}, ${status}`}`,
      );
    }
  }
  if (policy !== null)
    lines.push(`policy: ${policy.pair} version ${policy.version}, ${policy.standing}, ${policy.page}`);
  return [cleanText(first), ...lines.map((line) => indent(cleanText(line, 400)))];
}

function sentLine({ id, sentAt, withdrawnAt, changed, to }: SentRed): string {
  if (changed)
    return `you sent it under TLP:RED ${sentAt}; somebody changed what is kept of it, submission ${id}`;
  const people = to.map((one) => `${one.organisation} (${one.reads > 0 ? "read" : "unread"})`).join(", ");
  const withdrawn = withdrawnAt === null ? "" : `, withdrawn ${withdrawnAt}`;
  return cleanText(`you sent it under TLP:RED ${sentAt} to ${people}${withdrawn}, submission ${id}`, 400);
}
