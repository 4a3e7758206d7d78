import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/compose-stack.ts";

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
type Project = { references?: { path: string }[] };

const rooms = ["packages", "services"]
  .flatMap((top) => readdirSync(join(ROOT, top)).map((name) => `${top}/${name}`))
  .filter((room) => existsSync(join(ROOT, room, "package.json")));

function read<T>(room: string, file: string): T {
  return JSON.parse(readFileSync(join(ROOT, room, file), "utf8")) as T;
}

// `tsc -b` builds what is referred to; what is only depended on would be missing from the image.
test.each(rooms)("%s is built after what it depends on", (room) => {
  const { dependencies, devDependencies } = read<Manifest>(room, "package.json");
  const ours = Object.keys({ ...dependencies, ...devDependencies }).filter((name) =>
    name.startsWith("@suar/"),
  );
  const references = (read<Project>(room, "tsconfig.json").references ?? []).map(({ path }) =>
    basename(path),
  );
  expect(references.sort()).toEqual(ours.map((name) => name.slice("@suar/".length)).sort());
});
