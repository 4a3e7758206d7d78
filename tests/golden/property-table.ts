import { readFileSync } from "node:fs";

/** One row of `stix/properties.txt`: a property, as the specification's table has it. */
export type Row = {
  name: string;
  isRequired: boolean;
  isList: boolean;
  /** `string`, `timestamp`, `enum`, `ref`, … */
  kind: string;
  /** Values of an enumeration, target types of a reference, the range of a number. */
  options: readonly string[];
  section: string;
};

/** What one table of the specification is about, and where a golden file holds it. */
export type Block = { name: string; file: string; at: string; rows: readonly Row[] };

/** Reads the table; blocks named `common-…` are part of those that name them. */
export function readPropertyTable(): Block[] {
  const commons = new Map<string, Row[]>();
  const blocks: (Block & { rows: Row[] })[] = [];
  let rows: Row[] = [];
  let section = "";
  for (const line of readFileSync(new URL("stix/properties.txt", import.meta.url), "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("  ")) {
      rows.push(rowOf(line, section));
      continue;
    }
    const [name = "", where = "", ...rest] = line.split(" ");
    section = where.replace("_", " ");
    const [file, at, common] = rest[0] === "+" ? [name, "", rest[1]] : [rest[0], rest[1] ?? "", undefined];
    rows = [...(commons.get(common ?? "") ?? [])];
    if (file === undefined) commons.set(name, rows);
    else blocks.push({ name, file, at, rows });
  }
  return blocks;
}

function rowOf(line: string, section: string): Row {
  const words = line.trim().split(" ");
  const other = words.at(-1)?.startsWith("@") === true ? words.pop() : undefined;
  const [name = "", ...type] = words;
  const isList = type[0] === "list";
  const [kind = "", options = ""] = isList ? type.slice(1) : type;
  return {
    name: name.replace("!", ""),
    isRequired: name.endsWith("!"),
    isList,
    kind,
    options: options.split("|"),
    section: other?.slice(1) ?? section,
  };
}
