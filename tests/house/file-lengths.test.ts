import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";

const CEILING = 300;
const ROOMS = ["packages", "services", "tests", "scripts", "bin", "docker"];

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === "node_modules" || entry.name === "dist") return [];
    return entry.isDirectory() ? filesIn(path) : /\.[jt]sx?$/.test(path) ? [path] : [];
  });
}

test(`no file has more than ${CEILING} lines`, () => {
  const files = ROOMS.flatMap(filesIn);
  expect(files.length).toBeGreaterThan(500);
  const long = files.flatMap((file) => {
    const lines = readFileSync(join(ROOT, file), "utf8").trimEnd().split("\n").length;
    return lines > CEILING ? [`${file}: ${lines}`] : [];
  });
  expect(long).toEqual([]);
});
