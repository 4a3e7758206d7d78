import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { StixObject } from "@suar/stix";

const GOLDEN = new URL("../golden/stix/", import.meta.url);
/** Real input by others, beside the repository; it is read and never committed. */
const CORPUS = new URL("../../../shared/corpus/stix/", import.meta.url);

/** The golden objects, by the names of their files. */
export function goldenObjects(): Map<string, StixObject> {
  return new Map([...jsonFiles(GOLDEN)].map(([name, text]) => [name, JSON.parse(text) as StixObject]));
}

/** The texts of the corpus's STIX files by their names; none where it is not beside the repository. */
export function corpusTexts(): Map<string, string> {
  return existsSync(CORPUS) ? jsonFiles(CORPUS) : new Map();
}

function jsonFiles(folder: URL): Map<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(names.map((name) => [name.slice(0, -5), readFileSync(new URL(name, folder), "utf8")]));
}
