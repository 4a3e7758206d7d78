import type { Command } from "commander";

/** What a command does, how it is called, and what one does after it. */
export function describe(command: Command, description: string, example: string, next: string): Command {
  return command.description(description).addHelpText("after", `\nExample:\n  $ ${example}\n\nNext: ${next}`);
}
