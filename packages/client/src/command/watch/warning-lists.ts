import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { LoadedWarningList, WarningListHead } from "@suar/contract";
import type { Command } from "commander";
import { SuarError } from "../../error.ts";
import { cleanText } from "../shell/clean-text.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { table } from "../shell/terminal.ts";

export function addWarningListCommands(program: Command): void {
  const lists = program
    .command("warninglists")
    .description("what is no threat, in MISP's format: marked when it is submitted, and in no blocklist");
  describe(
    lists
      .command("load")
      .argument("<from...>", "files, folders with lists in them, or addresses (https://…)"),
    "load lists: for all with the operator's key, for your organisation alone with an officer's",
    "suar warninglists load misp-warninglists/lists --profile operator",
    "suar warninglists list",
  ).action(run(load));
  describe(
    lists.command("list"),
    "list those that count for you",
    "suar warninglists list",
    "suar warninglists try 8.8.8.8",
  ).action(run(list));
  describe(
    lists.command("show").argument("<id>", "from: suar warninglists list"),
    "print a list with its entries as JSON, as it was loaded",
    "suar warninglists show public-resolvers",
    "suar warninglists try 8.8.8.8",
  ).action(run(show));
  describe(
    lists.command("remove").argument("<id>", "from: suar warninglists list"),
    "end a list that you loaded",
    "suar warninglists remove ID",
    "suar warninglists list",
  ).action(run(remove));
  describe(
    lists.command("try").argument("<value>", "also defanged"),
    "tell which lists a value is on",
    "suar warninglists try 8.8.8.8",
    "suar warninglists show public-resolvers",
  ).action(run(tryValue));
}

type Found = { file: string } | { content: Uint8Array };
type Origin = { from: string; open(): Promise<Found> };
type Told = { from: string; loaded?: LoadedWarningList; refused?: { code: string; detail: string } };

/** Each list by itself: one that is refused leaves the others as they are, and the end says so. */
async function load(context: Context, from: string[]): Promise<number> {
  const client = await context.client();
  const signal = context.interruption();
  const told: Told[] = [];
  for (const { from: origin, open } of (await Promise.all(from.map(originsOf))).flat()) {
    try {
      told.push({ from: origin, loaded: await client.warningLists.load(await open(), origin, signal) });
    } catch (error) {
      if (!(error instanceof SuarError) || error.problem === undefined) throw error;
      const [place] = error.problem.errors ?? [];
      const where = place === undefined ? "" : `; first: ${place.path} ${place.message}`;
      told.push({ from: origin, refused: { code: error.code, detail: `${error.message}${where}` } });
    }
  }
  await context.terminal.show(told, () => told.flatMap(linesOf).join("\n"));
  return told.some(({ refused }) => refused !== undefined) ? EXIT.refused : EXIT.ok;
}

function linesOf({ from, loaded, refused }: Told): string[] {
  const origin = cleanText(from);
  if (loaded === undefined) return [`${origin}: refused, ${cleanText(refused?.detail ?? "", 500)}`];
  const { list, outcome, replaced, notes, notesInAll } = loaded;
  const instead = replaced === null ? "" : ` instead of version ${replaced}`;
  return [
    `${origin}: ${outcome} ${cleanText(list.name)} version ${list.version}${instead}, ${list.entries} entries`,
    ...notes.map(({ path, message }) => `  ${cleanText(path)}: ${cleanText(message)}`),
    ...(notesInAll > notes.length ? [`  and ${notesInAll - notes.length} more`] : []),
  ];
}

/** A folder's own lists, and those of the folders in it (`lists/<name>/list.json`, as MISP's repository has them). */
async function originsOf(from: string): Promise<Origin[]> {
  if (/^https?:\/\//i.test(from)) return [{ from, open: async () => ({ content: await download(from) }) }];
  const about = await stat(from).catch(() => undefined);
  if (about === undefined) throw new UsageError(`there is no file or folder ${from}`);
  if (!about.isDirectory()) return [fileOf(from, basename(from))];
  const names = (await readdir(from, { recursive: true })).filter((name) => name.endsWith(".json")).sort();
  if (names.length === 0) throw new UsageError(`there is no .json file in ${from}`);
  return names.map((name) => fileOf(join(from, name), name));
}

function fileOf(file: string, from: string): Origin {
  return { from: from.slice(-500), open: async () => ({ file }) };
}

const MOST_BYTES = 32 * 1024 * 1024;
const LONGEST_MS = 120_000;

async function download(url: string): Promise<Uint8Array> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LONGEST_MS) }).catch((cause: unknown) => {
    throw new SuarError("network", `${url} cannot be reached`, { cause });
  });
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.byteLength;
    if (size > MOST_BYTES) throw new UsageError(`${url} is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  if (!answer.ok) throw new UsageError(`${url} answers ${answer.status}`);
  return Buffer.concat(parts);
}

async function list(context: Context): Promise<undefined> {
  const all = await (await context.client()).warningLists.list();
  await context.terminal.show(all, () =>
    table(
      ["id", "name", "version", "type", "entries", "of"],
      all.map((one) => [one.id, cleanText(one.name), one.version, one.type, one.entries, one.of]),
    ),
  );
  return undefined;
}

const MOST_AT_ONCE = 5_000;

async function show(context: Context, id: string): Promise<undefined> {
  const { warningLists } = await context.client();
  let page = await warningLists.get(id, { limit: MOST_AT_ONCE });
  const entries = [...page.list];
  while (page.next !== undefined) {
    page = await warningLists.get(id, { after: page.next, limit: MOST_AT_ONCE });
    entries.push(...page.list);
  }
  const { name, version, description, type, attributes } = page;
  const whole = { name, version, description, type, matching_attributes: attributes, list: entries };
  await context.terminal.show(whole, () => JSON.stringify(whole, undefined, 2));
  return undefined;
}

async function remove(context: Context, id: string): Promise<undefined> {
  const ended: WarningListHead = await (await context.client()).warningLists.remove(id);
  await context.terminal.show(ended, () => `ended ${cleanText(ended.name)} version ${ended.version}`);
  return undefined;
}

async function tryValue(context: Context, text: string): Promise<undefined> {
  const { kind, value, hits } = await (await context.client()).warningLists.try(text);
  await context.terminal.show({ kind, value, hits }, () =>
    hits.length === 0
      ? `${cleanText(value)} (${kind}) is on no list`
      : [
          `${cleanText(value)} (${kind}) is on:`,
          ...hits.map(({ list: name, version }) => `  ${cleanText(name)}, version ${version}`),
        ].join("\n"),
  );
  return undefined;
}
