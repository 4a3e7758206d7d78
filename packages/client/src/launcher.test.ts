import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

// The launcher stands at the repository's root (scripts/guard.js, bin/suar.js) and is tested from here, in a
// copy whose path holds a space, with a lockfile that needs no registry.
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const CHILD = `
  const { appendFileSync } = require("node:fs");
  const heard = (signal) => { appendFileSync("heard", signal + "\\n"); setTimeout(() => { console.log("ended in order"); process.exit(7); }, 300); };
  process.on("SIGINT", heard).on("SIGTERM", heard);
  setInterval(() => {}, 1000);
  appendFileSync("pid", String(process.pid));
  console.log("ready " + JSON.stringify([process.version.slice(0, 4), process.env.NODE_OPTIONS ?? "", ...process.argv.slice(2)]));
`;
let root: string;

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "suar launcher ")), "a clone");
  mkdirSync(root);
  cpSync(join(repository, "scripts"), join(root, "scripts"), { recursive: true });
  writeFileSync(join(root, "child.cjs"), CHILD);
  writeFileSync(join(root, "three.cjs"), "process.exit(3)");
  const project = { name: "p", version: "1.0.0", type: "module" };
  const scripts = {
    start: "node scripts/guard.js start",
    "start:24": "node child.cjs",
    "test:24": "node three.cjs",
  };
  const workspace = { name: "w", version: "1.0.0" };
  const packages = {
    "": { ...project, workspaces: ["w"] },
    "node_modules/w": { resolved: "w", link: true },
    w: workspace,
  };
  mkdirSync(join(root, "w"));
  writeFileSync(join(root, "w", "package.json"), JSON.stringify(workspace));
  writeFileSync(join(root, "package.json"), JSON.stringify({ ...project, workspaces: ["w"], scripts }));
  writeFileSync(
    join(root, "package-lock.json"),
    JSON.stringify({ ...project, lockfileVersion: 3, requires: true, packages }),
  );
});

afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

function start(command: string, args: string[]) {
  const child = spawn(command, args, { cwd: root, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const ready = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("ready")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return { child, ready, ended, output: () => output };
}

function heard(): string[] {
  return existsSync(join(root, "heard")) ? readFileSync(join(root, "heard"), "utf8").trim().split("\n") : [];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    expect(error).toMatchObject({ code: "ESRCH" });
    return false;
  }
}

const direct = () => start(process.execPath, ["scripts/guard.js", "start", "two words", "$x"]);
const throughNpm = () => start("npm", ["start", "--silent", "--", "two words", "$x"]);
const toGroup = (signal: NodeJS.Signals) => (child: ChildProcess) => process.kill(-child.pid!, signal);
const toProcess = (signal: NodeJS.Signals) => (child: ChildProcess) => child.kill(signal);

test.each([
  ["SIGINT to the group", toGroup("SIGINT"), "SIGINT"],
  ["SIGTERM", toProcess("SIGTERM"), "SIGTERM"],
  ["SIGHUP", toProcess("SIGHUP"), "SIGTERM"],
] as const)(
  "%s of the guard ends the child once, in order, and the code comes back",
  async (_name, signal, expected) => {
    const { child, ready, ended, output } = direct();
    await ready;
    signal(child);
    expect(await ended).toBe(7);
    expect(heard()).toEqual([expected]);
    expect(output()).toContain(`ready ["v${process.versions.node.slice(0, 3)}","","two words","$x"]`);
  },
);

// npm itself may be gone earlier: where its shell stays between, it dies of the signal at once.
test.each([
  ["SIGINT to the group", toGroup("SIGINT"), "SIGINT"],
  ["SIGTERM", toProcess("SIGTERM"), "SIGTERM"],
  ["SIGTERM to the group", toGroup("SIGTERM"), "SIGTERM"],
] as const)(
  "%s of npm ends the child once and in order",
  async (_name, signal, expected) => {
    const { child, ready, ended, output } = throughNpm();
    await ready;
    signal(child);
    await ended;
    expect(heard()).toEqual([expected]);
    expect(output()).toContain("ended in order");
    expect(isAlive(Number(readFileSync(join(root, "pid"), "utf8")))).toBe(false);
  },
  5_000,
);

test("a guard that was killed outright takes the child with it", async () => {
  const { child, ready } = direct();
  await ready;
  process.kill(-child.pid!, "SIGKILL");
  await expect.poll(heard, { timeout: 5_000 }).toEqual(["SIGTERM"]);
});

test("installs when node_modules is missing or the lockfile has changed, and not else", async () => {
  const run = () => {
    const { ended, output } = start(process.execPath, ["scripts/guard.js", "test"]);
    return ended.then((code) => ({ code, output: output() }));
  };
  expect(await run()).toEqual({ code: 3, output: expect.stringContaining("node_modules is missing") });
  expect(await run()).toEqual({ code: 3, output: "" });
  writeFileSync(
    join(root, "package-lock.json"),
    `${readFileSync(join(root, "package-lock.json"), "utf8")}\n`,
  );
  rmSync(join(root, "node_modules", ".package-lock.json"), { force: true });
  expect(await run()).toEqual({ code: 3, output: expect.stringContaining("package-lock.json has changed") });
});

test("two guards at once install once", async () => {
  const both = [1, 2].map(() => start(process.execPath, ["scripts/guard.js", "test"]));
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([3, 3]);
  const outputs = both.map(({ output }) => output()).join("");
  expect(outputs.match(/installing dependencies \(/g)).toHaveLength(1);
});

test("takes over the lock of a process that is gone", async () => {
  const gone = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
  const { lockPath } = await import(join(root, "scripts", "install-lock.js"));
  mkdirSync(lockPath(root));
  writeFileSync(join(lockPath(root), "pid"), gone);
  expect(await start(process.execPath, ["scripts/guard.js", "test"]).ended).toBe(3);
  expect(existsSync(lockPath(root))).toBe(false);
});

test("says what to do when npm or the script is missing", async () => {
  const none = start(process.execPath, ["scripts/guard.js", "nothing"]);
  expect(await none.ended).toBe(1);
  expect(none.output()).toContain("usage: node scripts/guard.js <start|test>");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ ...manifest, dependencies: { unlocked: "1.0.0" } }),
  );
  const broken = start(process.execPath, ["scripts/guard.js", "test"]);
  expect(await broken.ended).toBe(1);
  expect(broken.output()).toMatch(/npm ended with code \d+\. If it could not reach the registry/);
  expect(existsSync(join(root, "node_modules", ".suar-lock"))).toBe(false);
});
