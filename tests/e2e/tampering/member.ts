import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Caller, caller } from "../../support/api.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { type Ran, suarCommand } from "../../support/suar-command.ts";

/**
 * What a member does to find out: it reads anew what the platform tells, sets it beside what it kept, and asks `suar
 * verify`. What counts is a finding's code. Where the platform itself cannot answer for its rows (500), that is said as
 * `platform-refuses`; a command that fails for any other reason has found nothing, and fails the test.
 */
export class Member {
  readonly code: string;
  readonly api: Caller;
  readonly #url: string;
  readonly #analyst: string;
  readonly #officer: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "suar member "));
  readonly #marked: string[] = [];
  /** Ids of its own, of which it fetches what went to others alone. */
  readonly sent: string[] = [];
  #words = 0;
  #policy: "witnesses" | "log-alone" = "witnesses";

  constructor(platform: PlatformProcess, code: string) {
    this.code = code;
    this.#url = platform.url;
    this.#analyst = platform.key(code);
    this.#officer = platform.key(code, "officer");
    this.api = caller(platform.url, this.#analyst);
    for (const name of ["receipts", "said", "kept"]) mkdirSync(join(this.#folder, name));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  async analyst(...args: string[]): Promise<Ran> {
    return await suarCommand({ url: this.#url, key: this.#analyst }, args);
  }

  async officer(...args: string[]): Promise<Ran> {
    return await suarCommand({ url: this.#url, key: this.#officer }, args);
  }

  /** Does what the command says, and keeps its answer among the words of the member. */
  async say(as: "analyst" | "officer", ...args: string[]): Promise<any> {
    const { code, stdout } = await this[as](...args);
    if (code !== 0) throw new Error(`suar ${args.join(" ")} ended with ${code}`);
    this.#words += 1;
    writeFileSync(this.#path("said", `${String(this.#words).padStart(3, "0")}.json`), stdout);
    const said = JSON.parse(stdout);
    if (args[0] === "marking") this.#marked.push(said.id);
    return said;
  }

  /** Keeps what it can see now, and the policies by which it will judge: with the members' witnesses, and without. */
  async keep(): Promise<void> {
    await this.#read(this.#folder);
    await this.#readDeliveries(this.#path("kept"));
    const strict = this.#path("witnesses.json");
    const { code } = await this.analyst("verify", "fetch", "--policy", strict);
    if (code !== 0) throw new Error("no policy");
    const alone = { ...JSON.parse(readFileSync(strict, "utf8")), threshold: 0, required: [], atLeast: [] };
    writeFileSync(this.#path("log-alone.json"), JSON.stringify(alone));
  }

  /** What is wrong by now; undefined where nothing is. What no witness has seen yet is judged by the log's word alone. */
  async look(policy: "witnesses" | "log-alone" = "log-alone"): Promise<string | undefined> {
    this.#policy = policy;
    const now = mkdtempSync(join(tmpdir(), "suar look "));
    try {
      const refused = await this.#refusedIn(now);
      if (refused !== undefined) return refused;
      for (const name of readdirSync(this.#path("receipts")))
        cpSync(this.#path("receipts", name), join(now, "receipts", `kept-${name}`));
      return (
        (await this.#reconcile(now)) ??
        (await this.#compareHistory(now)) ??
        (await this.#askWords(now)) ??
        (await this.#askDeliveries(now))
      );
    } catch (error) {
      if (error instanceof Found) return error.message;
      throw error;
    } finally {
      rmSync(now, { recursive: true });
    }
  }

  /**
   * What reading alone comes upon. Where the platform hands out no receipt, whoever kept none has a delivery without one,
   * whatever the platform says of itself.
   */
  async #refusedIn(now: string): Promise<string | undefined> {
    try {
      await this.#read(now);
      return undefined;
    } catch (error) {
      if (!(error instanceof Found)) throw error;
      const without = await this.#reconcile(now);
      return without === undefined ? error.message : `${error.message}; ${without}`;
    }
  }

  /** What is wrong with what it kept last, by itself. */
  async reconciled(): Promise<string | undefined> {
    this.#policy = "log-alone";
    return await this.#reconcile(this.#folder);
  }

  /** What is wrong with its own words, by the receipts that another member hands over. */
  async lookWith(other: Member): Promise<string | undefined> {
    this.#policy = "log-alone";
    const [now, handed] = [
      mkdtempSync(join(tmpdir(), "suar look ")),
      mkdtempSync(join(tmpdir(), "suar hand ")),
    ];
    try {
      await this.#read(now);
      await other.#read(handed);
      cpSync(join(handed, "receipts"), join(now, "receipts"), { recursive: true });
      return await this.#askWords(now);
    } finally {
      for (const folder of [now, handed]) rmSync(folder, { recursive: true });
    }
  }

  #path(...names: string[]): string {
    return join(this.#folder, ...names);
  }

  /** Everything that was delivered, its receipts, the newest witnessed checkpoint, and what is told of words. */
  async #read(into: string): Promise<void> {
    for (const name of ["inbox", "receipts", "told"]) mkdirSync(join(into, name), { recursive: true });
    const log = await good(this.analyst("log", "--all"), "log");
    writeFileSync(join(into, "inbox", "log.ndjson"), log);
    const folders = ["--inbox", join(into, "inbox"), "--receipts", join(into, "receipts")];
    await good(this.analyst("verify", "fetch", ...folders), "verify fetch");
    const { status, text } = await this.api.get(
      `/v1/tlog/checkpoint?witnessed=${this.#policy === "witnesses"}`,
    );
    if (status === 500) throw new Found("checkpoint: platform-refuses");
    if (status !== 200) throw new Error(`no checkpoint: ${status}`);
    writeFileSync(join(into, "checkpoint.txt"), text);
    const lists = [
      ["approvals", "list", "--state", "all"],
      ["recalls"],
      ["agreements", "list"],
      ...this.#marked.map((id) => ["marking", id]),
    ];
    for (const [n, args] of lists.entries())
      writeFileSync(join(into, "told", `${n}.json`), await good(this.officer(...args), args.join(" ")));
  }

  /** What the platform says that it handed over, and counted. */
  async #readDeliveries(into: string): Promise<void> {
    const lists = [["deliveries"], ["individuals"], ...this.sent.map((id) => ["receipts", id])];
    for (const [n, args] of lists.entries())
      writeFileSync(join(into, `${n}.ndjson`), await good(this.analyst(...args), args.join(" ")));
  }

  async #askDeliveries(now: string): Promise<string | undefined> {
    const [inbox, receipts, told] = ["inbox", "receipts", "handed"].map((name) => join(now, name));
    mkdirSync(told as string);
    await this.#readDeliveries(told as string);
    if (this.sent.length > 0) {
      const fetched = this.analyst(
        "verify",
        "fetch",
        "--sent",
        ...this.sent,
        "--receipts",
        receipts as string,
      );
      await good(fetched, "verify fetch");
    }
    const folders = { inbox, receipts, told, kept: this.#path("kept") };
    const args = Object.entries(folders).flatMap(([name, folder]) => [`--${name}`, folder as string]);
    return found("deliveries", await this.#verify("reconcile", ...args));
  }

  async #reconcile(now: string): Promise<string | undefined> {
    const folders = ["--inbox", join(now, "inbox"), "--receipts", join(now, "receipts")];
    return found("reconcile", await this.#verify("reconcile", ...folders));
  }

  async #compareHistory(now: string): Promise<string | undefined> {
    const [kept, newest] = [this.#path("checkpoint.txt"), join(now, "checkpoint.txt")];
    const sizeOf = (file: string) => Number(readFileSync(file, "utf8").split("\n")[1]);
    const [from, to] = [sizeOf(kept), sizeOf(newest)];
    const { status, text } = await this.api.get(`/v1/tlog/consistency?from=${from}&to=${to}`);
    if (status === 500) throw new Found("consistency: platform-refuses");
    const proof = join(now, "proof.json");
    writeFileSync(proof, text);
    return found("consistency", await this.#verify("consistency", kept, newest, "--proof", proof));
  }

  async #askWords(now: string): Promise<string | undefined> {
    const folders = ["--said", this.#path("said"), "--told", join(now, "told")];
    const ran = await this.#verify(
      "words",
      "--member",
      this.code,
      ...folders,
      "--receipts",
      join(now, "receipts"),
    );
    return found("words", ran);
  }

  async #verify(...args: string[]): Promise<Ran> {
    return await this.analyst("verify", ...args, "--policy", this.#path(`${this.#policy}.json`));
  }
}

/** What reading alone came upon. */
class Found extends Error {}

async function good(running: Promise<Ran>, what: string): Promise<string> {
  const ran = await running;
  const wrong = found(what, ran);
  if (wrong !== undefined) throw new Found(wrong);
  return ran.stdout;
}

function found(command: string, { code, stdout, stderr }: Ran): string | undefined {
  if (code === 0) return undefined;
  const codes = codesIn(stdout);
  if (codes !== "") return `${command}: ${codes}`;
  const [last = ""] = stderr.trim().split("\n").slice(-1);
  if (last.startsWith('{"error":{"code":"internal"')) return `${command}: platform-refuses`;
  throw new Error(`${command} ended with ${code}, and found nothing: ${stderr}`);
}

function codesIn(stdout: string): string {
  if (stdout === "") return ""; // what failed before it judged anything has printed no findings
  const { findings = [] } = JSON.parse(stdout);
  return findings
    .map(({ code, seq }: { code: string; seq: number | null }) => `${code} ${seq ?? "-"}`)
    .join(", ");
}
