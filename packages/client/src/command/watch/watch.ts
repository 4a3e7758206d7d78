import type { Command } from "commander";
import type { WatchState } from "../../live/watch.ts";
import { filterOf, withFilter } from "../options/filter-options.ts";
import { wholeNumber } from "../options/number-option.ts";
import { type Context, run } from "../shell/context.ts";
import { EXIT } from "../shell/exit-codes.ts";
import { readIfThere, writeAtomically } from "../shell/profiles.ts";
import { describeItem } from "./describe-item.ts";
import { addWatchLists } from "./watch-list.ts";

type Options = { after: string; resume?: string; count?: number };

export function addWatch(program: Command): void {
  const command = program
    .command("watch")
    .description("watch what is released to you, live; goes on by itself after a drop")
    .option("--after <place>", "0 from the beginning, latest from now on, or a cursor", "latest")
    .option("--resume <file>", "keep the cursor in a file and begin from it: a restart loses nothing")
    .option("--count <n>", "end after so many items", wholeNumber(1));
  withFilter(command)
    .addHelpText(
      "after",
      `
Examples:
  $ suar watch --after 0
  $ suar watch --types indicator --tlp green,clear --values example.sg,192.0.2.0/24
  $ suar watch add AS64496 192.0.2.0/24 bank.example && suar watch --values @watch
  $ suar watch --json --resume cursor.txt >> items.ndjson

Fields of the filter are joined by AND, the values of one field by OR. Each item comes
once and in order. Ctrl-C ends with 130 and prints the cursor to go on from.

Next: suar get ID, or suar webhook listen to have it pushed`,
    )
    .action(run(watchLog));
  addWatchLists(command);
}

async function watchLog(context: Context, options: Options & Record<string, unknown>): Promise<number> {
  const filter = filterOf(options);
  const count = options.count ?? Number.POSITIVE_INFINITY;
  const { terminal } = context;
  const client = await context.client();
  const place = new SavedPlace(options.resume);
  const after = (await place.read()) ?? (options.after === "0" ? 0 : options.after);
  const signal = context.interruption();
  const onState = (state: WatchState) => {
    if (state === "caught-up")
      terminal.note(terminal.style("dim", "-- caught up; waiting for more (Ctrl-C ends)"));
    if (state === "waiting") terminal.note(terminal.style("dim", "-- the connection is gone; trying again"));
  };
  let seen = 0;
  try {
    for await (const item of client.watch({
      after,
      filter,
      signal,
      onState,
      onPosition: (cursor) => place.move(cursor),
    })) {
      // The cursor moves only when the reader of our output has taken the item.
      await (terminal.json ? terminal.printJson(item) : terminal.print(describeItem(item)));
      place.move(item.cursor);
      await place.save();
      if (++seen >= count) break;
    }
  } finally {
    await place.save();
    if (place.cursor !== undefined && signal.aborted)
      process.stderr.write(`suar: go on with: suar watch --after ${place.cursor}\n`);
  }
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

/** The cursor, in memory and where asked for in a file. */
class SavedPlace {
  readonly #file: string | undefined;
  #saved: string | undefined;
  cursor: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  async read(): Promise<string | undefined> {
    if (this.#file === undefined) return undefined;
    const text = (await readIfThere(this.#file))?.trim();
    this.#saved = text === "" ? undefined : text;
    return this.#saved;
  }

  move(cursor: string): void {
    this.cursor = cursor;
  }

  async save(): Promise<void> {
    if (this.#file === undefined || this.cursor === undefined || this.cursor === this.#saved) return;
    await writeAtomically(this.#file, `${this.cursor}\n`);
    this.#saved = this.cursor;
  }
}
