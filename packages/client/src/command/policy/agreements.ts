import { type Agreement, AgreementKind, AgreementProposal } from "@suar/contract";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";
import { noteClosing } from "./closing.ts";

export function addAgreementCommands(program: Command): void {
  const agreements = program
    .command("agreements")
    .description("what your member agreed on with others, which policies of pairs can make a condition");
  describe(
    agreements.command("list"),
    "list your member's agreements, newest first",
    "suar agreements list",
    "suar agreements show ID",
  ).action(run(list));
  agreements
    .command("propose")
    .description("propose an agreement; it holds once the other member's officer has accepted it")
    .argument("<member>", "the other member, as SG")
    .requiredOption("--kind <kind>", AgreementKind.options.join(", "))
    .requiredOption("--title <title>", "what to call it")
    .requiredOption("--begins <day>", "the first day, in UTC, on which it holds, as 2027-01-31")
    .option("--ends <day>", "the first day on which it holds no more")
    .option("--reference <text>", "where its text lies")
    .addHelpText(
      "after",
      '\nExample:\n  $ suar agreements propose SG --kind asean-mcc --title "Transfers to SG" --begins 2027-01-01\n\nNext: suar agreements list',
    )
    .action(run(propose));
  addActions(agreements);
}

function addActions(agreements: Command): void {
  const action = (
    name: string,
    description: string,
    act: (client: SuarClient, id: string) => Promise<Agreement & { closing?: boolean }>,
  ) =>
    describe(
      agreements.command(name).argument("<id>", "the agreement"),
      description,
      `suar agreements ${name} ID`,
      "suar agreements list",
    ).action(
      run(async (context, id: string) => {
        const agreement = await act(await context.client(), id);
        await show(context, agreement);
        noteClosing(context, agreement);
        return undefined;
      }),
    );
  action("show", "show one agreement", (client, id) => client.agreements.get(id));
  action("accept", "accept what another member proposed", (client, id) => client.agreements.accept(id));
  action("end", "end an agreement now; decline or take back a proposal", (client, id) =>
    client.agreements.end(id),
  );
}

async function list(context: Context): Promise<undefined> {
  const all = await collect((await context.client()).agreements.list());
  await context.terminal.show(all, () =>
    table(
      ["id", "state", "kind", "between", "begins", "ends", "title"],
      all.map((one) => [
        one.id,
        one.state,
        one.kind,
        one.members.join(" and "),
        one.begins,
        one.ends,
        one.title,
      ]),
    ),
  );
  return undefined;
}

async function propose(
  context: Context,
  member: string,
  options: Record<string, string | undefined>,
): Promise<undefined> {
  const { kind, title, begins, ends, reference } = options;
  const proposal = AgreementProposal.safeParse({ with: member, kind, title, begins, ends, reference });
  if (!proposal.success) {
    const [issue] = proposal.error.issues;
    throw new UsageError(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  await show(context, await (await context.client()).agreements.propose(proposal.data));
  context.terminal.next("an officer of the other member: suar agreements accept ID");
  return undefined;
}

async function show(context: Context, agreement: Agreement): Promise<undefined> {
  const { id, kind, state, members, title, begins, ends } = agreement;
  await context.terminal.show(
    agreement,
    () =>
      `${id} ${kind} between ${members.join(" and ")}, ${state}: ${title}, from ${begins}${ends === null ? "" : ` to before ${ends}`}`,
  );
  return undefined;
}
