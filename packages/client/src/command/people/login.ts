import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { z } from "zod";
import { SuarClient } from "../../client.ts";
import { type Context, checkUrl, LOCAL_URL, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { readIfThere, readProfiles, saveProfile } from "../shell/profiles.ts";

const Bootstrap = z.object({
  url: z.string(),
  keys: z.record(z.string(), z.record(z.string(), z.string())),
  operator: z.string().optional(),
});

type Options = { as?: string; bootstrap?: string; tokenStdin?: boolean; link?: string };
type Credential = { url: string; key: string };

export function addLogin(program: Command): void {
  program
    .command("login")
    .description("sign in and keep the key in a profile")
    .option("--as <who>", "MEMBER:role from the bootstrap file (SG:analyst), or operator")
    .option(
      "--bootstrap <file>",
      "the file that the platform's first start wrote (default: <data dir>/bootstrap.json)",
    )
    .option("--token-stdin", "read a key from standard input")
    .option("--link <token>", "exchange a one-time sign-in token, or the link that holds it")
    .addHelpText(
      "after",
      `
Examples:
  $ suar login --as SG:analyst
  $ suar login --as MY:subscriber --profile my
  $ suar login --token-stdin --url https://suar.example < key.txt
  $ suar login --link 'https://suar.example/sign-in#…'

Next: suar submit FILE --tlp green, or suar watch --after 0`,
    )
    .action(run(login));
}

async function login(context: Context, options: Options): Promise<undefined> {
  const { url, key } = await findCredential(context, options);
  const client = new SuarClient({ url, key });
  const me = await client.identity.whoAmI();
  const as = `${me.organisation ?? "operator"}:${me.roles.join("+")}`;
  await saveProfile(context.profileName, { url, key, as });
  const { terminal } = context;
  await terminal.show({ profile: context.profileName, url, ...me }, () => {
    const who = me.organisation === null ? "the operator" : `${me.organisation} (${me.roles.join(", ")})`;
    return `Signed in at ${url} as ${who}, realm ${me.realm}, until ${me.expiresAt}`;
  });
  terminal.next(
    me.roles.includes("analyst")
      ? "suar submit FILE --tlp green"
      : me.roles.includes("operator")
        ? "suar members list"
        : "suar watch --after 0",
  );
  return undefined;
}

async function findCredential(context: Context, options: Options): Promise<Credential> {
  const ways = [options.as, options.tokenStdin, options.link].filter((way) => way !== undefined);
  if (ways.length > 1) throw new UsageError("give one of --as, --token-stdin and --link");
  if (options.tokenStdin === true)
    return { url: await urlOf(context), key: (await text(process.stdin)).trim() };
  if (options.link !== undefined) return await exchange(context, options.link);
  if (options.as !== undefined) return fromBootstrap(context, options.as, options.bootstrap);
  throw new UsageError("say who you are: --as SG:analyst (bootstrap file), --token-stdin or --link TOKEN");
}

/** Where to sign in: where one says, else where the profile did before, else the platform that runs here. */
async function urlOf(context: Context): Promise<string> {
  const known = context.givenUrl() ?? (await readProfiles())[context.profileName]?.url;
  if (known !== undefined) return checkUrl(known);
  const content = await readIfThere(bootstrapFile());
  return content === undefined ? LOCAL_URL : parseBootstrap(bootstrapFile(), content).url;
}

/** What is in the file is not said: it may be somebody's secret. */
function parseBootstrap(file: string, content: string): z.infer<typeof Bootstrap> {
  try {
    return Bootstrap.parse(JSON.parse(content));
  } catch {
    throw new UsageError(`${file} is not a bootstrap file`);
  }
}

function bootstrapFile(): string {
  return resolve(process.env.SUAR_DATA_DIR ?? ".suar", "bootstrap.json");
}

async function exchange(context: Context, link: string): Promise<Credential> {
  // A link carries its token in the fragment or the query, so that either can be pasted.
  const whole = URL.canParse(link) ? new URL(link) : undefined;
  const token = whole === undefined ? link : (/token=([^&]+)/.exec(link)?.[1] ?? whole.hash.slice(1));
  const url = whole === undefined ? await urlOf(context) : (context.givenUrl() ?? whole.origin);
  const { key } = await new SuarClient({ url }).identity.signIn(token);
  return { url, key };
}

async function fromBootstrap(context: Context, as: string, given: string | undefined): Promise<Credential> {
  const file = given === undefined ? bootstrapFile() : resolve(given);
  const content = await readIfThere(file);
  if (content === undefined) {
    throw new UsageError(
      `${file} is not there: start the platform here with npm start, or name the file with --bootstrap`,
    );
  }
  const bootstrap = parseBootstrap(file, content);
  const url = context.givenUrl() ?? bootstrap.url;
  const [member = "", role = ""] = as.split(":");
  const key = as === "operator" ? bootstrap.operator : bootstrap.keys[member.toUpperCase()]?.[role];
  if (key !== undefined) return { url, key };
  const members = Object.keys(bootstrap.keys).join(" ");
  const roles = Object.keys(Object.values(bootstrap.keys)[0] ?? {}).join(" ");
  throw new UsageError(`there is no ${as} in ${file}; members: ${members}; roles: ${roles}; or operator`);
}
