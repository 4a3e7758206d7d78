import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { UsageError } from "../shell/exit-codes.ts";
import { writeWhole } from "./write-whole.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "suar-whole-"));
  path = join(folder, "list");
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}
const modeOf = (file: string): number => statSync(file).mode & 0o7777;

test("a new file is its writer's alone", async () => {
  await writeWhole(path, pieces("a\n", "b\n"));
  expect([readFileSync(path, "utf8"), modeOf(path)]).toEqual(["a\nb\n", 0o600]);
});

test("one that is there keeps its mode, its owner and the links that lead to it", async () => {
  mkdirSync(join(folder, "data"));
  const real = join(folder, "data", "zone");
  writeFileSync(real, "old");
  chmodSync(real, 0o640);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(real, 65_534, 65_534);
  symlinkSync("data/zone", path);
  await writeWhole(path, pieces("new"));
  expect([readFileSync(real, "utf8"), modeOf(real), readlinkSync(path)]).toEqual(["new", 0o640, "data/zone"]);
  if (isRoot) expect([statSync(real).uid, statSync(real).gid]).toEqual([65_534, 65_534]);
  expect(readdirSync(join(folder, "data"))).toEqual(["zone"]);
});

test("what broke off, or has nowhere to go, leaves all as it was", async () => {
  writeFileSync(path, "old");
  const broken = async function* () {
    yield "half";
    throw new Error("broke off");
  };
  await expect(writeWhole(path, broken())).rejects.toThrow("broke off");
  expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["old", ["list"]]);
  await expect(writeWhole(folder, pieces("x"))).rejects.toThrow(UsageError);
  expect(readdirSync(folder)).toEqual(["list"]);
});

test("all of a piece is written, also where the system takes less of it at once", async () => {
  const file = await open(path, "w");
  const prototype = Object.getPrototypeOf(file);
  await file.close();
  const write = prototype.write;
  vi.spyOn(prototype, "write").mockImplementation(function (this: unknown, ...args: unknown[]) {
    const [data] = args;
    if (typeof data === "string") return write.call(this, data.slice(0, 7));
    const [bytes, offset = 0, length = 0] = args as [Uint8Array, number?, number?];
    return write.call(this, bytes, offset, Math.min(7, length), null);
  });
  await writeWhole(path, pieces("a".repeat(100), "b".repeat(100)));
  expect(readFileSync(path, "utf8")).toBe("a".repeat(100) + "b".repeat(100));
});
