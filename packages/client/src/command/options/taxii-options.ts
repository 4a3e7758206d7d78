import { readFile } from "node:fs/promises";
import type { TaxiiCredential } from "@suar/taxii";
import type { Command } from "commander";
import { checkUrl } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { readSecret } from "../shell/read-secret.ts";
import { type LimitOptions, withLimits } from "./limit-options.ts";

/** What is said of all that is pulled. */
export type SayingOptions = { tlp?: string; to?: string } & LimitOptions;

export type CredentialOptions = { user?: string; secretFile?: string; tokenFile?: string };

export type TaxiiOptions = { collection?: string; after?: string } & CredentialOptions & SayingOptions;

/** What every command takes that pulls from a TAXII server. */
export function withTaxii(command: Command): Command {
  return withCredential(withSaying(command))
    .argument("<url>", "the server: its host, discovery, an API root, or a collection")
    .option("--collection <name>", "id, alias or title; needed where the server has several")
    .option("--after <date>", "only what was added there later, such as 2026-01-02T03:04:05Z");
}

/** What every command takes that has something pulled. */
export function withSaying(command: Command): Command {
  return withLimits(command)
    .option(
      "--tlp <marking>",
      "marking for what the content leaves unmarked: clear, green, amber, amber+strict",
    )
    .option("--to <codes>", "whom it is for, with commas: MY,TH,SG:power-grid,ASEAN");
}

export function withCredential(command: Command): Command {
  return command
    .option("--user <name>", "by Basic; its secret is asked for, or see --secret-file")
    .option("--secret-file <file>", "a file with the user's secret (or SUAR_TAXII_SECRET)")
    .option("--token-file <file>", "by Bearer: a file with the token (or SUAR_TAXII_TOKEN)");
}

/** Where to find credentials without their standing on the command line, for help texts. */
export const SECRETS_HELP = `Secrets never stand on the command line, where others see them: they are asked for, or come
from SUAR_TAXII_SECRET and SUAR_TAXII_TOKEN, or from the files that --secret-file and
--token-file name.`;

export function addressOf(url: string): URL {
  const address = new URL(checkUrl(url.includes("://") ? url : `https://${url}`));
  if (address.username !== "" || address.password !== "")
    throw new UsageError("no user name or password in the address; see --user and --token-file");
  return address;
}

/** The credential that the options, the environment or the user give; undefined where none is meant. */
export async function credentialOf(
  { user, secretFile, tokenFile }: CredentialOptions,
  env = process.env,
): Promise<TaxiiCredential | undefined> {
  if (user !== undefined && tokenFile !== undefined) throw new UsageError("give a user or a token, not both");
  if (user === undefined) {
    if (secretFile !== undefined) throw new UsageError("--secret-file needs --user, whose secret it is");
    const token = tokenFile === undefined ? env.SUAR_TAXII_TOKEN : await secretIn(tokenFile);
    return token === undefined ? undefined : { token };
  }
  if (user.includes(":"))
    throw new UsageError("--user takes a name alone: others see command lines, so its secret is asked for");
  const given = secretFile === undefined ? env.SUAR_TAXII_SECRET : await secretIn(secretFile);
  return { user, secret: given ?? (await readSecret(`Secret of ${user} (or set SUAR_TAXII_SECRET)`)) };
}

async function secretIn(file: string): Promise<string> {
  const secret = await readFile(file, "utf8").then(
    (text) => text.trim(),
    (error: Error) => {
      throw new UsageError(`${file}: ${error.message}`);
    },
  );
  if (secret === "") throw new UsageError(`${file} is empty`);
  return secret;
}
