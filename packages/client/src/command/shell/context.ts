import type { Command } from "commander";
import { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { cleanText } from "./clean-text.ts";
import { EXIT, exitCodeOf, UsageError } from "./exit-codes.ts";
import { type Profile, readProfiles } from "./profiles.ts";
import { Terminal } from "./terminal.ts";

export const LOCAL_URL = "http://127.0.0.1:8080";

export type GlobalOptions = { url?: string; key?: string; profile?: string; json?: boolean; quiet?: boolean };

/** What every command is given: where to print, whom to call, and how it hears of Ctrl-C. */
export class Context {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  readonly profileName: string;

  constructor(options: GlobalOptions) {
    this.options = options;
    this.terminal = new Terminal({ json: options.json === true, quiet: options.quiet === true });
    this.profileName = options.profile ?? process.env.SUAR_PROFILE ?? "default";
  }

  async profile(): Promise<Profile | undefined> {
    const profiles = await readProfiles();
    const profile = profiles[this.profileName];
    if (profile === undefined && this.options.profile !== undefined) {
      throw new UsageError(
        `there is no profile "${this.profileName}"; there are: ${Object.keys(profiles).join(", ") || "none"}`,
      );
    }
    return profile;
  }

  givenUrl(): string | undefined {
    return this.options.url ?? process.env.SUAR_URL;
  }

  givenKey(): string | undefined {
    return this.options.key ?? process.env.SUAR_KEY;
  }

  /** The command line wins over the environment, and that over the profile. */
  async client(): Promise<SuarClient> {
    const key = this.givenKey();
    const profile = key === undefined || this.givenUrl() === undefined ? await this.profile() : undefined;
    const used = key ?? profile?.key;
    if (used === undefined) {
      throw new SuarError("unauthenticated", "you are not signed in; try: suar login --as SG:analyst", {
        status: 401,
      });
    }
    return new SuarClient({ url: checkUrl(this.givenUrl() ?? profile?.url ?? LOCAL_URL), key: used });
  }

  async url(): Promise<string> {
    return checkUrl(this.givenUrl() ?? (await this.profile())?.url ?? LOCAL_URL);
  }

  /** Where an address came from that gives no answer; undefined where the command line or the environment says it. */
  async addressHint(): Promise<string | undefined> {
    if (this.givenUrl() !== undefined) return undefined;
    const isSaved = (await readProfiles())[this.profileName] !== undefined;
    return !isSaved
      ? `it is the address of a platform on this machine; another: --url or SUAR_URL`
      : `it is the address of your sign-in "${this.profileName}"; if the platform moved, sign in again, or say --url or SUAR_URL`;
  }

  /** Aborts at the first Ctrl-C; the second one ends the process at once. */
  interruption(): AbortSignal {
    const controller = new AbortController();
    const abort = () => {
      process.exitCode = EXIT.interrupted;
      controller.abort();
    };
    process.once("SIGINT", abort);
    process.once("SIGTERM", abort);
    return controller.signal;
  }
}

/** A commander action: builds the context, runs, and keeps the exit code. */
export function run<Args extends unknown[]>(
  action: (context: Context, ...args: Args) => Promise<number | undefined>,
) {
  return async (...given: [...Args, Command]): Promise<void> => {
    const command = given.at(-1) as Command;
    const context = new Context(command.optsWithGlobals<GlobalOptions>());
    try {
      const code = await action(context, ...(given.slice(0, -1) as Args));
      process.exitCode ??= code ?? EXIT.ok;
    } catch (error) {
      if (process.exitCode === EXIT.interrupted) return;
      const isLost = error instanceof SuarError && error.code === "network";
      report(error, context.terminal.json, isLost ? await context.addressHint() : undefined);
      process.exitCode = exitCodeOf(error);
    }
  };
}

/** Errors go to stderr: in words, or as JSON with `--json`. */
export function report(error: unknown, json: boolean, hint?: string): void {
  const code = error instanceof SuarError ? error.code : "failure";
  const detail = cleanText(error instanceof Error ? error.message : String(error), 1_000);
  const requestId = error instanceof SuarError ? error.requestId : undefined;
  if (json) {
    const places = error instanceof SuarError ? error.problem?.errors : undefined;
    process.stderr.write(`${JSON.stringify({ error: { code, detail, requestId, hint, errors: places } })}\n`);
    return;
  }
  const known = error instanceof SuarError;
  process.stderr.write(
    `suar: ${detail}${known ? ` (${code}${requestId === undefined ? "" : `, request ${requestId}`})` : ""}\n`,
  );
  if (hint !== undefined) process.stderr.write(`  ${hint}\n`);
  if (known)
    for (const { path, message } of error.problem?.errors ?? [])
      process.stderr.write(`  ${cleanText(path)}: ${cleanText(message)}\n`);
  if (
    !known &&
    !(error instanceof UsageError) &&
    error instanceof Error &&
    error.stack !== undefined &&
    process.env.SUAR_DEBUG
  ) {
    process.stderr.write(`${error.stack}\n`);
  }
}

export function checkUrl(url: string): string {
  if (URL.canParse(url) && /^https?:/.test(url)) return url;
  throw new UsageError(`${url} is no http(s) address`);
}
