import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  formatSignerKey,
  formatVerifierKey,
  openCheckpoint,
  parseSignerKey,
  parseVerifierKey,
  SIGNATURE_TYPE,
  showsPossession,
  signCheckpoint,
  signerKey,
  type VerifierKey,
} from "@suar/merkle";
import { LogFixture } from "@suar/merkle/testing/log-fixture";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SuarClient } from "../../client.ts";
import { closeFixture, openFixture, problem, start, suar } from "../../testing/command-fixture.ts";
import { cosignNext, type Witness, WitnessRefusal } from "./cosign-next.ts";

// A log over HTTP, with the routes that a witness needs; what it offers and answers can be made to lie.
let server: Server;
let log: LogFixture;
let home: string;
let offered: () => string;
let newest: () => string;
let taken: string[];
let refusal: { status: number; body: unknown } | undefined;
let witnessKey: VerifierKey;
let env: Record<string, string>;

// Processes of the command are started, on a machine that others may be using.

beforeEach(async () => {
  await openFixture();
  home = mkdtempSync(join(tmpdir(), "suar witness "));
  log = new LogFixture();
  grow(3);
  taken = [];
  refusal = undefined;
  offered = () => log.checkpoint(log.leaves.length, []);
  newest = () => log.checkpoint(log.leaves.length, []);
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://log.example");
    const reply = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type }).end(body);
    const number = (name: string) => Number(searchParams.get(name));
    if (refusal !== undefined)
      reply(refusal.status, "application/problem+json", JSON.stringify(refusal.body));
    else if (pathname === "/v1/tlog/checkpoint")
      reply(200, "text/plain; charset=utf-8", searchParams.get("for") === "witness" ? offered() : newest());
    else if (pathname === "/v1/tlog/consistency")
      reply(
        200,
        "application/json",
        JSON.stringify({ proof: log.consistency(number("from"), number("to")) }),
      );
    else if (pathname === "/v1/tlog/cosignatures") {
      taken.push(JSON.parse(await text(request)).checkpoint);
      const witnessed = { size: log.leaves.length, cosigned: ["SG"], witnessed: false };
      reply(200, "application/json", JSON.stringify(witnessed));
    } else reply(404, "application/problem+json", JSON.stringify(problem(404, "not-found").body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  env = {
    SUAR_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SUAR_KEY: "suar_key",
    SUAR_CONFIG_DIR: home,
  };
  const key = signerKey("witness.example/MY", SIGNATURE_TYPE.cosignature);
  witnessKey = key.verifier;
  writeFileSync(join(home, "witness.key"), `${formatSignerKey(key)}\n`);
});

afterEach(() => {
  closeFixture();
  server.close();
  server.closeAllConnections();
  rmSync(home, { recursive: true });
});

function grow(count: number, tag = ""): void {
  for (let at = 0; at < count; at++)
    log.append({ object: { type: "tool", id: `tool--${log.leaves.length}${tag}` } });
}

const logKey = () => ["--log-key", formatVerifierKey(log.key.verifier)];
const lookOnce = (...more: string[]) => suar(["witness", ...logKey(), "--once", ...more], env);
const sizes = () =>
  taken.map((note) => {
    const opened = openCheckpoint(note, [log.key.verifier], [witnessKey]);
    expect(opened?.signed.map(({ key }) => key.id)).toEqual([log.key.id, witnessKey.id]);
    return opened?.checkpoint.size;
  });
const evidence = () =>
  readdirSync(home)
    .filter((name) => name.startsWith("witness-evidence-"))
    .map((name) => JSON.parse(readFileSync(join(home, name), "utf8")));

test("makes a key once, for its owner's eyes", async () => {
  const file = join(home, "made", "witness.key");
  const init = (name: string) => suar(["witness", "init", "--name", name, "--key-file", file], env);
  const made = await init("witness.example/TH");
  const key = parseSignerKey(readFileSync(file, "utf8").trim());
  expect(key).toMatchObject({ name: "witness.example/TH", type: SIGNATURE_TYPE.cosignature });
  expect(parseVerifierKey(made.stdout.trim())?.id).toBe(key?.id);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const proved = await suar(["witness", "prove", "--member", "TH", "--key-file", file], env);
  expect(key && showsPossession(key.verifier, "TH", proved.stdout.trim())).toBe(true);
  expect(await init("another")).toMatchObject({ code: 2 });
  expect(await init("a b")).toMatchObject({ code: 2 });
  expect(parseSignerKey(readFileSync(file, "utf8").trim())?.id).toBe(key?.id);
});

const step = () => cosignNext(client().tlog, witness());
const client = () => new SuarClient({ url: env.SUAR_URL!, key: "suar_key", retries: 0 });
const witness = (): Witness => ({
  key: parseSignerKey(readFileSync(join(home, "witness.key"), "utf8").trim())!,
  logKey: log.key.verifier,
  stateFile: join(home, "state.json"),
});
const refusalOf = async () => {
  try {
    return await step();
  } catch (error) {
    if (error instanceof WitnessRefusal) return error;
    throw error;
  }
};
const rewrite = (entries: number) => {
  log = new LogFixture();
  grow(entries, "-rewritten");
};

test("cosigns what grows, from its own state on, and hands in what is not there yet", async () => {
  expect(await step()).toEqual({ did: "cosigned", size: 3 });
  grow(2);
  expect(await step()).toEqual({ did: "cosigned", size: 5 });
  expect(sizes()).toEqual([3, 5]);
  const last = taken.at(-1)!;
  offered = () => last;
  expect(await step()).toEqual({ did: "nothing", size: 5 });
  expect(taken).toHaveLength(2);
  const [, cosigned] = openCheckpoint(last, [log.key.verifier], [witnessKey])!.signed;
  expect(Math.abs(cosigned!.time! - Date.now() / 1_000)).toBeLessThan(60);
});

test("remembers what it cosigned before it tells anybody", async () => {
  await step();
  grow(1);
  let atHandIn: string | undefined;
  server.prependListener("request", ({ url }) => {
    if (url !== "/v1/tlog/cosignatures") return;
    atHandIn = JSON.parse(readFileSync(join(home, "state.json"), "utf8")).checkpoint.split("\n")[1];
  });
  await step();
  expect(atHandIn).toBe("4");
});

test("refuses a log that was rewritten, loudly, and keeps the evidence", async () => {
  expect(await lookOnce()).toMatchObject({ code: 0, stdout: "cosigned 3 entries\n" });
  rewrite(6);
  const refused = await lookOnce("--json");
  expect(refused).toMatchObject({
    code: 5,
    stdout: expect.stringContaining("inconsistent"),
    stderr: expect.stringContaining("REFUSED TO COSIGN (inconsistent)"),
  });
  expect(evidence()).toMatchObject([
    {
      reason: "inconsistent",
      kept: expect.stringContaining("\n3\n"),
      offered: expect.stringContaining("\n6\n"),
    },
  ]);
  await lookOnce();
  expect(evidence()).toHaveLength(1);
  expect(taken).toHaveLength(1);
});

test("refuses two logs of one size", async () => {
  await step();
  rewrite(3);
  expect(await refusalOf()).toMatchObject({ reason: "split-view" });
});

test("refuses a log that shrank, and passes over an earlier checkpoint of one that did not", async () => {
  grow(4);
  await step();
  offered = () => log.checkpoint(5, []);
  expect(await step()).toEqual({ did: "behind", size: 5 });
  newest = () => log.checkpoint(6, []);
  expect(await refusalOf()).toMatchObject({
    reason: "rollback",
    evidence: { newest: expect.stringContaining("\n6\n") },
  });
  expect(sizes()).toEqual([7]);
});

test("refuses an earlier checkpoint of another history", async () => {
  grow(4);
  await step();
  const other = new LogFixture();
  for (let at = 0; at < 5; at++) other.append({ object: { type: "tool", id: `tool--x${at}` } });
  offered = () => other.checkpoint(5, []);
  expect(await refusalOf()).toMatchObject({ reason: "inconsistent" });
});

test("refuses what another key signed, or another log", async () => {
  const other = new LogFixture("other.example/live");
  other.append({ object: { type: "tool", id: "tool--1" } });
  offered = () => other.checkpoint(1, []);
  expect(await refusalOf()).toMatchObject({ reason: "bad-signature" });
  offered = () => log.checkpoint(3, []).replace("\n3\n", "\n4\n");
  expect(await refusalOf()).toMatchObject({ reason: "bad-signature" });
  offered = () => signCheckpoint({ ...log.head(), origin: "other.example/live" }, log.key);
  expect(await refusalOf()).toMatchObject({ reason: "bad-signature" });
  expect(taken).toEqual([]);
});

test("does not begin anew with a state that cannot be read, or is another log's", async () => {
  await step();
  const file = join(home, "state.json");
  const kept = readFileSync(file, "utf8");
  for (const hurt of ["", "{}", kept.slice(0, 60), kept.replace("\\n3\\n", "\\n4\\n")]) {
    writeFileSync(file, hurt);
    await expect(step(), hurt).rejects.toThrow(/not the state of a witness/);
  }
  expect(taken).toHaveLength(1);
});

test("works alone on its state, and lets it go when it is killed", async () => {
  const first = start(["witness", ...logKey(), "--every", "1"], env);
  await expect.poll(() => first.output.stdout, { timeout: 10_000 }).toContain("cosigned 3 entries");
  expect(await lookOnce()).toMatchObject({ code: 2, stderr: expect.stringContaining("another witness") });
  first.child.kill("SIGKILL");
  await first.ended;
  expect(await lookOnce()).toMatchObject({ code: 0 });
});

test("goes on looking while the platform is away, and ends at Ctrl-C", async () => {
  const running = start(["witness", ...logKey(), "--every", "1"], env);
  await expect.poll(() => running.output.stdout, { timeout: 10_000 }).toContain("cosigned 3 entries");
  refusal = problem(503, "unavailable");
  grow(1);
  await expect.poll(() => running.output.stderr, { timeout: 20_000 }).toContain("trying again");
  refusal = undefined;
  await expect.poll(() => running.output.stdout, { timeout: 20_000 }).toContain("cosigned 4 entries");
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130 });
});

test("stops where its key is not taken any more, and where the command line is wrong", async () => {
  refusal = problem(401, "unauthenticated");
  expect(await lookOnce()).toMatchObject({ code: 3 });
  expect(await suar(["witness", "--log-key", "x", "--once"], env)).toMatchObject({ code: 2 });
  expect(
    await suar(["witness", ...logKey(), "--key-file", join(home, "absent"), "--once"], env),
  ).toMatchObject({ code: 2 });
  expect(await suar(["witness", "--once"], env)).toMatchObject({ code: 2 });
});
