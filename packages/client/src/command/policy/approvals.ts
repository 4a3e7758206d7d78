import { type Approval, type ApprovalDocument, ApprovalState } from "@suar/contract";
import type { Command } from "commander";
import { cleanText } from "../shell/clean-text.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";

export function addApprovalCommands(program: Command): void {
  const approvals = program
    .command("approvals")
    .description(
      "what goes out only after data officers have agreed: what you are asked, and what waits of yours",
    );
  describe(
    approvals
      .command("list")
      .option("--state <state>", `${ApprovalState.options.join(", ")}; all with "all"`, "pending"),
    "list requests, those that have waited longest first",
    "suar approvals list",
    "suar approvals show ID",
  ).action(run(list));
  describe(
    approvals.command("show").argument("<id>", "the request"),
    "show what would go out to whom, by which rule, and the very copies; an officer reads this before agreeing",
    "suar approvals show ID",
    "suar approvals approve ID --seen TAG",
  ).action(run(show));
  describe(
    approvals
      .command("approve")
      .argument("<id>", "the request")
      .requiredOption("--seen <tag>", "what `show` showed: nothing else is agreed to"),
    "agree to a release, as an officer; never to what you submitted yourself, and once for each person",
    "suar approvals approve ID --seen TAG",
    "suar approvals list",
  ).action(run(approve));
  describe(
    approvals
      .command("refuse")
      .argument("<id>", "the request")
      .requiredOption("--reason <text>", "why; the submitter and all who are asked read it"),
    "refuse a release, for good: the same is not asked again",
    'suar approvals refuse ID --reason "It names the victim"',
    "suar approvals list",
  ).action(run(refuse));
}

async function list(context: Context, { state }: { state: string }): Promise<undefined> {
  const wanted = ApprovalState.options.find((one) => one === state);
  if (wanted === undefined && state !== "all")
    throw new UsageError(`--state is one of ${ApprovalState.options.join(", ")}, all`);
  const all = await collect((await context.client()).approvals.list(wanted));
  const heading = ["id", "state", "from", "to", "what", "asked", "until"];
  await context.terminal.show(all, () => table(heading, all.map(rowOf)));
  return undefined;
}

function rowOf(one: Approval) {
  return [
    one.id,
    one.state,
    one.producer,
    one.organisations.join(", "),
    one.object?.id ?? null,
    one.asked.map(({ approver, given, needed }) => `${approver} ${given}/${needed}`).join(", "),
    one.deadline.slice(0, 16),
  ];
}

async function show(context: Context, id: string): Promise<undefined> {
  const found = await (await context.client()).approvals.get(id);
  await context.terminal.show(found, () => documentLines(found).join("\n"));
  if (found.state === "pending") context.terminal.next(`suar approvals approve ${id} --seen ${found.etag}`);
  return undefined;
}

function documentLines(found: ApprovalDocument): string[] {
  const copies = found.copies.flatMap(({ organisations, object }) => [
    `what ${organisations.join(", ")} would have:`,
    JSON.stringify(object, undefined, 2),
  ]);
  const original =
    found.original === null ? [] : ["as it was stated:", JSON.stringify(found.original, undefined, 2)];
  return [
    sentenceOf(found),
    ...found.asked.map(
      ({ approver, given, needed }) => `asked: ${approver}, ${given} of ${needed} have agreed`,
    ),
    ...found.reasons.map(
      ({ code, rule, source, guide }) =>
        `${code}: ${rule} (${source}${guide === undefined ? "" : `; ${guide}`})`,
    ),
    ...(found.obligations.length === 0 ? [] : [`the recipient undertakes: ${found.obligations.join(", ")}`]),
    ...(found.isOutdated ? ["something else is decided by now: an approval would ask anew"] : []),
    ...copies,
    ...original,
    ...(found.state === "pending" ? [`tag of all this: ${found.etag}`] : []),
  ];
}

function sentenceOf({
  id,
  state,
  producer,
  organisations,
  deadline,
  refusal,
  lapsed,
  askedAnew,
}: Approval): string {
  const why = refusal ?? lapsed;
  const until = state === "pending" ? ` until ${deadline}` : "";
  const anew = askedAnew.length === 0 ? "" : `; asked anew: ${askedAnew.join(", ")}`;
  return `${id} from ${producer} to ${organisations.join(", ")}: ${state}${until}${why === null ? "" : ` (${cleanText(why)})`}${anew}`;
}

/** Ends with `refused` where nothing was agreed to: another outcome is decided by now. */
async function approve(context: Context, id: string, { seen }: { seen: string }): Promise<number> {
  const approval = await (await context.client()).approvals.approve(id, seen);
  await context.terminal.show(approval, () => sentenceOf(approval));
  for (const next of approval.askedAnew) context.terminal.next(`suar approvals show ${next}`);
  return approval.state === "lapsed" ? EXIT.refused : EXIT.ok;
}

async function refuse(context: Context, id: string, { reason }: { reason: string }): Promise<undefined> {
  const approval = await (await context.client()).approvals.refuse(id, reason);
  await context.terminal.show(approval, () => sentenceOf(approval));
  return undefined;
}
