import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformConfig } from "@suar/runtime";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { StandaloneConfig } from "../../services/standalone/src/config.ts";
import { ROOT } from "../support/compose-stack.ts";

/* The table of settings is made of the schemas by which they are read, and the compose file knows each of them. */

const PAGE = join(ROOT, "docs/settings.md");
const TABLE = /(?<=<!-- settings -->\n\n)[\s\S]*?(?=\n\n<!-- end of settings -->)/;
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

type Setting = {
  description: string;
  default?: unknown;
  unit?: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
};
const settingsIn = (config: z.ZodType): Record<string, Setting> =>
  z.toJSONSchema(config, { io: "input" }).properties as Record<string, Setting>;

/** Each setting, with the services that read it; none of them alone reads those of the platform. */
const readBy = new Map<string, string[]>(Object.keys(PlatformConfig.shape).map((name) => [name, []]));
const sources = globSync("services/*/src/config.ts", { cwd: ROOT }).sort();

beforeAll(async () => {
  for (const source of sources.filter((one) => !one.includes("/standalone/"))) {
    const exported: Record<string, unknown> = await import(join(ROOT, source));
    const [own, ...others] = Object.values(exported).filter((one) => one instanceof z.ZodObject);
    expect(others, source).toEqual([]);
    if (own === undefined) expect(read(source)).toContain("parseConfig(PlatformConfig, process.env)");
    for (const name of Object.keys(own?.shape ?? {}).filter((one) => !(one in PlatformConfig.shape)))
      readBy.set(name, [...(readBy.get(name) ?? []), source.split("/")[1] ?? ""]);
  }
});

function valuesOf({ enum: some, minimum, maximum, unit }: Setting): string {
  if (some !== undefined) return some.map((one) => `\`${one}\``).join(", ");
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const range = most === undefined ? `${minimum} or more` : `${minimum} to ${most}`;
  return minimum === undefined ? "text" : `${unit ?? "number"}, ${range}`;
}

function tableOf(settings: Record<string, Setting>): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const first = setting.default === undefined || setting.default === "" ? "none" : `\`${setting.default}\``;
    return [
      `\`${name}\``,
      first,
      valuesOf(setting),
      readBy.get(name)?.join(", ") || "all",
      setting.description,
    ];
  });
  const all = [
    ["variable", "default", "unit and range", "read by", "what"],
    ["---", "---", "---", "---", "---"],
    ...rows,
  ];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

test("the page of settings has each, as the schemas read it", () => {
  const settings = settingsIn(StandaloneConfig);
  expect(Object.keys(settings).sort(), "of one process with all services").toEqual([...readBy.keys()].sort());
  const undescribed = Object.entries(settings).filter(([, { description }]) => !description);
  expect(undescribed).toEqual([]);
  const table = tableOf(settings);
  const page = readFileSync(PAGE, "utf8");
  if (process.env.SUAR_WRITE_GOLDEN === "settings")
    writeFileSync(
      PAGE,
      page.replace(TABLE, () => table),
    );
  expect(TABLE.exec(readFileSync(PAGE, "utf8"))?.[0]).toBe(table);
});

test("the page has whatever else an environment tells: the command, and the compose file itself", () => {
  const page = readFileSync(PAGE, "utf8");
  const named = new Set<string>();
  const command = globSync("packages/client/src/**/*.ts", { cwd: ROOT }).filter(
    (file) => !/test|testing/.test(file),
  );
  for (const file of command) for (const [name] of read(file).matchAll(/\bSUAR_[A-Z_]+\b/g)) named.add(name);
  for (const [, name = ""] of read("docker-compose.yml").matchAll(/\$\{([A-Z_]+)/g)) named.add(name);
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("the compose file gives what a cluster's operator sets, with the default that the schema has", () => {
  const given = [...read("docker-compose.yml").matchAll(/^\s+([A-Z_]+): "?\$\{\1:-([^}]*)\}"?$/gm)];
  const settings = settingsIn(StandaloneConfig);
  for (const [, name = "", first] of given)
    if (name !== "PUBLIC_URL") expect(first, name).toBe(String(settings[name]?.default));
  // What only says where something is, the compose file knows itself.
  const fixed = [...read("docker-compose.yml").matchAll(/^ +([A-Z_]+): (?!.*\$\{\1:-)/gm)].map(
    ([, name]) => name,
  );
  const all = new Set([...given.map(([, name]) => name), ...fixed]);
  expect([...readBy.keys()].filter((name) => !all.has(name))).toEqual([]);
});
