import type { Source } from "@suar/contract";
import type { Context } from "../shell/context.ts";
import { table } from "../shell/terminal.ts";

/** How far a source has come, what it is doing, and what went wrong last. */
export async function showSource(context: Context, source: Source): Promise<undefined> {
  const { id, name, state, stateReason, problem, failures } = source;
  await context.terminal.show(source, () => {
    const rows = [
      ["state", stateReason === null ? state : `${state}: ${stateReason}`],
      ...placeOf(source),
      ["objects", pulledOf(source)],
      ["added up to", source.addedUpTo],
      ["last pull", source.lastPullAt],
      ["last success", source.lastSuccessAt],
      ["next pull", source.nextAt],
      ["last submission", source.lastSubmission],
      ...troublesOf(source),
      ["problem", problem === null ? null : `${problem.detail} (${problem.code}, ${failures} in a row)`],
    ];
    return table([`source ${id}`, name], rows);
  });
  return undefined;
}

function placeOf({ kind, url, folder, format, collection, found, credential }: Source): (string | null)[][] {
  if (kind === "mailbox") return [["folder", folder]];
  const shown = ["shown to it", credential];
  if (kind === "misp") return [["feed", url], shown];
  if (kind === "url") return [["file", url], ["read as", format ?? "what it shows to be"], shown];
  const chosen = found === null ? (collection ?? "not looked for yet") : `${found.title} (${found.id})`;
  return [["server", url], ["collection", chosen], shown];
}

const MOST_SHOWN = 10;

function troublesOf({ troubles, untaken }: Source): string[][] {
  const shown = troubles.slice(0, MOST_SHOWN);
  const rest = untaken - shown.length;
  return [
    ...shown.map(({ event, code, tries }) => ["not taken", `${event} (${code}, asked for ${tries} times)`]),
    ...(rest > 0 ? [["not taken", `${rest} more events`]] : []),
  ];
}

function pulledOf({ objects, returned, leftOut }: Source): string {
  const of = [
    ...(returned === 0 ? [] : [`${returned} had come from here`]),
    ...(leftOut === 0 ? [] : [`${leftOut} were left out`]),
  ];
  return of.length === 0 ? `${objects}` : `${objects}, of which ${of.join(" and ")}`;
}
