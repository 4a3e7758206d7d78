import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { networkError, SuarError } from "../../error.ts";
import { type Context, run } from "../shell/context.ts";
import { EXIT, exitCodeOf } from "../shell/exit-codes.ts";

export function addStatus(program: Command): void {
  program
    .command("whoami")
    .description("tell who the key in use is")
    .addHelpText("after", "\nExample:\n  $ suar whoami --profile my\n\nNext: suar status")
    .action(run(whoAmI));
  program
    .command("status")
    .description("tell whether the platform answers, who you are there, and how long its log is")
    .addHelpText("after", "\nExample:\n  $ suar status --json\n\nNext: suar watch --after latest")
    .action(run(status));
}

async function whoAmI(context: Context): Promise<undefined> {
  const client = await context.client();
  const me = await client.identity.whoAmI();
  await context.terminal.show({ url: client.url, ...me }, () =>
    [
      `organisation  ${me.organisation ?? "none (operator)"}`,
      `roles         ${me.roles.join(", ")}`,
      `realm         ${me.realm}`,
      `key           ${me.keyId}, until ${me.expiresAt}`,
      `platform      ${client.url}`,
    ].join("\n"),
  );
  return undefined;
}

async function status(context: Context): Promise<number> {
  const url = await context.url();
  const [health, ready] = [await probe(`${url}/healthz`), await probe(`${url}/readyz`)];
  const { exitCode, ...signedIn } = await identityAndHead(context);
  await context.terminal.show({ url, health, ready, ...signedIn }, () =>
    [
      `platform  ${url}`,
      `health    ${health}`,
      `ready     ${ready}`,
      `you       ${signedIn.as ?? `not signed in (${signedIn.problem})`}`,
      ...(signedIn.head === undefined ? [] : [`log       ${signedIn.head} entries`]),
    ].join("\n"),
  );
  if (ready !== "ok") return EXIT.failure;
  return exitCode;
}

async function probe(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return response.ok ? "ok" : `answers ${response.status}`;
  } catch (cause) {
    throw networkError(url, cause);
  }
}

type SignedIn = { as?: string; head?: number; problem?: string; exitCode: number };

async function identityAndHead(context: Context): Promise<SignedIn> {
  try {
    const client = await context.client();
    const me = await client.identity.whoAmI();
    const as = `${me.organisation ?? "operator"} (${me.roles.join(", ")}), realm ${me.realm}`;
    const head = await headOf(client, me.roles);
    return { as, ...(head === undefined ? {} : { head }), exitCode: EXIT.ok };
  } catch (error) {
    if (!(error instanceof SuarError)) throw error;
    return { problem: error.message, exitCode: exitCodeOf(error) };
  }
}

/** The operator reads no content, and the log is content. */
async function headOf(client: SuarClient, roles: readonly string[]): Promise<number | undefined> {
  if (roles.every((role) => role === "operator")) return undefined;
  return (await client.log.page({ after: "latest", limit: 1 })).head;
}
