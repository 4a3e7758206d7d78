import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wholeLog } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { startReceiver } from "../support/receiver.ts";
import { crawl } from "./crawl.ts";
import { taxiiText } from "./crawl-taxii.ts";
import { type Reader, withOrganisation } from "./readers.ts";
import { eventStreamText, webSocketText } from "./streams.ts";
import { type ToldWorld, toldWorld } from "./told-world.ts";
import { companiesOf } from "./turns.ts";

/**
 * Which agencies a member has is its own to tell: their codes and names are in nothing that anybody of another member is
 * ever told, but for those that it named itself. Each place that names a recipient was once forgotten. A drill's keys are
 * all in its coordinator's hands, so that in a drill nobody is told of any.
 */
const COMMAND = fileURLToPath(new URL("../../packages/client/src/command/main.ts", import.meta.url));
let platform: PlatformProcess;
let world: ToldWorld;
const told = new Map<string, Set<string>>();

beforeAll(async () => {
  platform = await startPlatform();
  world = await toldWorld(platform);
});
afterAll(async () => {
  await platform?.remove();
});

/** What a text tells a reader that is another member's to tell; what it may tell is noted. */
function leaksIn(reader: Reader, where: string, text: string): string[] {
  const member = reader.party?.member ?? "";
  return world.words.flatMap(({ word, member: whose, namedBy }) => {
    if (!text.includes(word)) return [];
    if (reader.realm === "drill") return [`${reader.name} is told of ${word} in ${where}`];
    const known = told.get(member) ?? new Set();
    told.set(member, known.add(word));
    return whose === member || namedBy === member ? [] : [`${reader.name} is told of ${word} in ${where}`];
  });
}

test("no role of another member is told of an agency at any address of the contract", async () => {
  const failures: string[] = [];
  await Promise.all(
    companiesOf(world.readers).map(async (company) => {
      for await (const { readers, where, text, headers, status } of crawl(
        { company, first: company, asksAll: () => true },
        world.things,
      )) {
        for (const reader of readers) failures.push(...leaksIn(reader, where, `${text}\n${headers}`));
        if (status >= 500) failures.push(`${readers[0].name} got ${status} from ${where}`);
      }
    }),
  );
  expect([...new Set(failures)]).toEqual([]);
});

test("nor by a stream, by TAXII or by a webhook", async () => {
  const failures: string[] = [];
  for (const reader of withOrganisation(world.readers).filter(({ role }) => role === "analyst")) {
    failures.push(...leaksIn(reader, "the log", JSON.stringify(await wholeLog(reader.api))));
    failures.push(...leaksIn(reader, "WebSocket", await webSocketText(platform.url, reader)));
    failures.push(...leaksIn(reader, "SSE", await eventStreamText(platform.url, reader)));
    failures.push(...leaksIn(reader, "TAXII", await taxiiText(platform.url, reader)));
    failures.push(...leaksIn(reader, "its webhook", await webhookText(reader)));
  }
  expect([...new Set(failures)]).toEqual([]);
});

test("nor by the command", async () => {
  const all = ["SG", "MY"].flatMap((code) =>
    commandsOf(readerOf(code, "analyst"), readerOf(code, "officer")),
  );
  const failures = await Promise.all(
    all.map(async ([who, args]) => {
      const printed = await command(who, args);
      expect(printed, args.join(" ")).not.toBe("");
      return leaksIn(who, `suar ${args.join(" ")}`, printed);
    }),
  );
  expect(failures.flat()).toEqual([]);
});

test("naming an agency in a drill is answered as naming none", async () => {
  const { api } = readerOf("MY", "analyst", "drill");
  const address = async (code: string, by: string): Promise<string> => {
    const content = "value\nnobody.example.com\n";
    const { status, text } = await api.raw(`/v1/submissions?format=csv&dryRun=true&${by}${code}`, content, {
      "content-type": "text/csv",
    });
    return `${status} ${text.replaceAll(code, "").replace(/"requestId":"[^"]*"/, "")}`;
  };
  for (const by of ["tlp=amber&to=", "tlp=amber&to=TH&releasableTo="]) {
    const none = await address("MY:no-such", by);
    expect(none).toContain("unknown-member");
    for (const { code } of world.words) expect(await address(code, by), `${by}${code}`).toBe(none);
  }
});

test("each member is told of its own, and an originator of those that it named", () => {
  for (const member of ["SG", "MY"]) {
    const own = world.words.filter((one) => one.member === member || one.namedBy === member);
    expect([...(told.get(member) ?? [])].sort()).toEqual(own.map(({ word }) => word).sort());
  }
});

function readerOf(code: string, role: string, realm: Reader["realm"] = "live"): Reader {
  const isMeant = ({ party, ...one }: Reader) =>
    one.role === role && one.realm === realm && party?.code === code;
  const found = world.readers.find(isMeant);
  if (found === undefined) throw new Error(`there is no ${code} ${role}`);
  return found;
}

/** A command starts slowly: one of each kind, about what was shared with one that was named. */
function commandsOf(analyst: Reader, officer: Reader): [Reader, string[]][] {
  const { object, approval, recall } = world.things;
  const own = object.filter((one) => one.realm === "live" && one.organisation === analyst.party?.code);
  const [last, asked] = [own.at(-1)?.id ?? "", approval.at(-1)?.id ?? ""];
  const taken = recall.findLast(({ realm }) => realm === "live")?.id ?? "";
  return [
    [analyst, ["explain", last]],
    [analyst, ["receipts", last]],
    [analyst, ["recalls", "show", taken]],
    [officer, ["approvals", "show", asked]],
    [officer, ["approvals", "list"]],
  ];
}

/** All of its log, as a webhook brings it. */
async function webhookText({ api }: Reader): Promise<string> {
  const receiver = await startReceiver();
  try {
    const made = await api.post("/v1/webhooks", { url: receiver.url });
    expect(made.status, made.text).toBe(201);
    const items = (await wholeLog(api)).length;
    await api.post(`/v1/webhooks/${made.body.id}/replay`, { from: 0 });
    await receiver.waitFor(items, 60_000);
    return JSON.stringify(receiver.received.map(({ json }) => json));
  } finally {
    await receiver.close();
  }
}

/** What it prints, also where it fails. */
async function command({ key = "" }: Reader, args: readonly string[]): Promise<string> {
  const env = { ...process.env, SUAR_URL: platform.url, SUAR_KEY: key };
  const run = promisify(execFile)(process.execPath, [COMMAND, ...args], { env, timeout: 200_000 });
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  return `${stdout}${stderr}`;
}
