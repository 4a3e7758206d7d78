import { type Command, InvalidArgumentError } from "commander";
import { type Context, run } from "../shell/context.ts";
import { EXIT } from "../shell/exit-codes.ts";

const LONGEST_WAIT_S = 86_400;

export function addClosing(program: Command): void {
  program
    .command("closing")
    .description(
      "tell whether something is open yet that a change of policies, agreements or members took away",
    )
    .option("--wait <seconds>", "wait until it is over, for so long at most", secondsOf)
    .addHelpText(
      "after",
      "\nExample:\n  $ suar closing --wait 600\n\nExit codes: 0 all of it is closed, 1 not yet.\n\nNext: suar policy list",
    )
    .action(run(tellClosing));
}

async function tellClosing(context: Context, { wait = 0 }: { wait?: number }): Promise<number> {
  const closing = !(await (await context.client()).closing.wait(wait * 1_000));
  await context.terminal.show({ closing }, () =>
    closing ? "not all of what changes took away is closed yet" : "all of what changes took away is closed",
  );
  return closing ? EXIT.failure : EXIT.ok;
}

/** Beside what changed: what was closed by then. */
export function noteClosing({ terminal }: Context, { closing }: { closing?: boolean }): void {
  if (closing !== true) return;
  terminal.note("what this takes away from readers is being closed, and may be read until it is");
  terminal.next("suar closing --wait 600");
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds >= 0 && seconds <= LONGEST_WAIT_S))
    throw new InvalidArgumentError(`a number of seconds up to ${LONGEST_WAIT_S}`);
  return seconds;
}
