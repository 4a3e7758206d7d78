import { takesJson } from "@suar/formats";
import {
  addedDate,
  Connection,
  findCollection,
  justBefore,
  PULL_LIMITS,
  type PulledPart,
  pullObjects,
  TaxiiFault,
} from "@suar/taxii";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { limitsOf } from "../options/limit-options.ts";
import {
  addressOf,
  credentialOf,
  SECRETS_HELP,
  type TaxiiOptions,
  withTaxii,
} from "../options/taxii-options.ts";
import { cleanText } from "../shell/clean-text.ts";
import { type Context, report, run } from "../shell/context.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { collectOutcome, countsTable, indent, rejectLines } from "./outcome.ts";
import { countSubmission, emptyTally, type PullTally } from "./pull-tally.ts";

const PAGE_OBJECTS = 1_000;
const MOST_PAGES = 1_000_000;

export function addPull(program: Command): void {
  const pull = program
    .command("pull")
    .description("pull from other servers, once, and submit what they have");
  withTaxii(pull.command("taxii"))
    .description("pull a collection of any TAXII 2.1 server, and submit it")
    .addHelpText(
      "after",
      `
Examples:
  $ suar pull taxii https://taxii.example --collection indicators --tlp green
  $ suar pull taxii https://taxii.example/taxii2/ --user me --after 2026-01-01T00:00:00Z
  $ SUAR_TAXII_TOKEN=$(pass taxii) suar pull taxii taxii.example --tlp amber --to MY,TH

${SECRETS_HELP}
Objects keep their own marking; --tlp marks what has none, which is rejected without it.
What you hold already counts as unchanged, so that pulling again is harmless. Ends with 0
when everything was taken, with 5 when something was rejected or left out.

Next: suar sources add URL, which does it every quarter of an hour`,
    )
    .action(run(pullTaxii));
}

async function pullTaxii(context: Context, url: string, options: TaxiiOptions): Promise<number> {
  const address = addressOf(url);
  const after = options.after === undefined ? undefined : addedDate(options.after);
  if (options.after !== undefined && after === undefined)
    throw new UsageError("--after takes a date such as 2026-01-02T03:04:05Z");
  limitsOf(options); // refused before anything is pulled
  const credential = await credentialOf(options);
  const client = await context.client();
  const signal = context.interruption();
  const connection = new Connection({ url: address, fetch, limits: PULL_LIMITS, credential, signal });
  const tally = emptyTally(address.href);
  const bar = context.terminal.progress();
  let fault: TaxiiFault | undefined;
  try {
    const collection = await findCollection(connection, options.collection);
    tally.collection = { id: collection.id, title: collection.title };
    const from = after === undefined ? {} : { addedAfter: after };
    for await (const part of pullObjects(connection, collection, {
      from,
      limit: PAGE_OBJECTS,
      mostPages: MOST_PAGES,
    })) {
      await submitPart(client, part, { tally, origin: collection.url.href, options, signal });
      bar.update(`pulling ${cleanText(collection.title, 40)}`, tally.objects, undefined, "objects");
    }
    tally.complete = true;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    if (!(error instanceof TaxiiFault)) throw error;
    fault = error;
  } finally {
    bar.clear();
  }
  if (tally.collection !== undefined) await show(context, tally);
  if (fault === undefined) context.terminal.next(`suar sources add ${cleanText(url)}`);
  return fault === undefined ? exitCode(tally) : reportFault(context, fault);
}

type Submitting = { tally: PullTally; origin: string; options: TaxiiOptions; signal: AbortSignal };

/** Waits for each part's outcome: so the platform is never handed more than it takes. */
async function submitPart(
  client: SuarClient,
  part: PulledPart,
  { tally, origin, options, signal }: Submitting,
): Promise<void> {
  const taken = part.objects.filter(({ text }) => takesJson(text));
  const missing = part.leftOut.length + (part.tooLarge ?? 0);
  tally.objects += part.objects.length + missing;
  tally.leftOut += part.objects.length - taken.length + missing;
  if (taken.length > 0) {
    const content = `{"objects":[${taken.map(({ text }) => text).join(",")}]}`;
    const { id } = await client.submissions.submit(
      { content },
      {
        format: "stix",
        origin,
        originAdded: part.last,
        tlp: options.tlp,
        to: options.to,
        ...limitsOf(options),
        signal,
      },
    );
    const submission = await client.submissions.wait(id, { signal });
    countSubmission(tally, submission, (await collectOutcome(client, submission)).rejects);
  }
  if (part.place !== undefined) tally.addedUpTo = part.place.last ?? tally.addedUpTo;
}

async function show({ terminal }: Context, tally: PullTally): Promise<void> {
  const { url, collection, objects, leftOut, counts, submissions, failed, addedUpTo, complete } = tally;
  await terminal.show(tally, () =>
    [
      `${cleanText(collection?.title ?? "")} at ${cleanText(url)}: ${objects} objects, ${submissions.length} submissions${complete ? "" : "; not all of it"}`,
      indent(countsTable(counts)),
      ...(leftOut === 0
        ? []
        : [
            terminal.style(
              "red",
              `  left out ${leftOut}: the server defines their markings nowhere, or they are too large or too odd to be taken`,
            ),
          ]),
      ...failed.map(({ id, detail, code }) =>
        terminal.style("red", `  submission ${id} failed: ${cleanText(detail)} (${code})`),
      ),
      ...rejectLines(terminal, tally.rejects, counts.rejected),
      ...(addedUpTo === undefined
        ? []
        : [`  added there up to ${addedUpTo}: go on with --after ${justBefore(addedUpTo)}`]),
    ].join("\n"),
  );
}

function exitCode({ counts, leftOut, failed }: PullTally): number {
  return counts.rejected + leftOut + failed.length > 0 ? EXIT.refused : EXIT.ok;
}

/** The other server's trouble, told as such: its address is not the platform's. */
function reportFault({ terminal }: Context, { code, message, status }: TaxiiFault): number {
  report(new SuarError(code, message, { status: status ?? null }), terminal.json);
  if (code === "unreachable" || code === "too-slow") return EXIT.network;
  if (code === "unauthorized" || code === "forbidden") return EXIT.notAllowed;
  if (code === "not-found") return EXIT.notFound;
  return code === "busy" ? EXIT.rateLimited : EXIT.failure;
}
