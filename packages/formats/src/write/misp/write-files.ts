import type { StixObject } from "@suar/stix";
import { isJsonRecord, listOf, textOf } from "../../json-value.ts";
import type { ExportItem } from "../writer.ts";
import { MISP_HASHES } from "./misp-types.ts";
import { newAttribute } from "./new-attribute.ts";
import { addObject, type NewPart } from "./new-object.ts";
import { plainTests } from "./plain-tests.ts";
import type { Scene } from "./scene.ts";

type Hash = { type: string; value: string };

/** Files with what looks for them: MISP says both of one thing, where STIX has a file and an indicator. */
export function writeFiles(scene: Scene): void {
  const indicators = indicatorsOfFiles(scene);
  for (const item of [...scene.left()]) {
    if (item.object.type !== "file") continue;
    const indicator = valuesOf(item.object)
      .flatMap((value) => indicators.get(value) ?? [])
      .find((one) => !scene.isTold(one.object.id) && isAbout(one, item.object));
    writeFile(scene, item, indicator);
  }
}

function valuesOf({ name, hashes }: StixObject): string[] {
  const digests = isJsonRecord(hashes) ? Object.values(hashes).map(String) : [];
  return [...digests, ...(typeof name === "string" ? [name] : [])].map((one) => one.toLowerCase());
}

/** Indicators of files, by each value that they name. */
function indicatorsOfFiles(scene: Scene): Map<string, ExportItem[]> {
  const found = new Map<string, ExportItem[]>();
  for (const item of scene.left()) {
    for (const value of namedBy(item) ?? []) {
      const others = found.get(value) ?? [];
      found.set(value, others);
      others.push(item);
    }
  }
  return found;
}

/** What an indicator of files alone looks for. */
function namedBy({ object }: ExportItem): string[] | undefined {
  const { type, pattern, pattern_type: language } = object;
  if (type !== "indicator" || language !== "stix" || typeof pattern !== "string") return undefined;
  const tests = plainTests(pattern);
  if (tests === undefined || !tests.every((test) => test.type === "file")) return undefined;
  return tests.map(({ value }) => value.toLowerCase());
}

function isAbout(indicator: ExportItem, file: StixObject): boolean {
  const values = new Set(valuesOf(file));
  return (namedBy(indicator) ?? []).every((value) => values.has(value));
}

function writeFile(scene: Scene, file: ExportItem, indicator: ExportItem | undefined): void {
  const { name, hashes } = file.object;
  const digests: Hash[] = Object.entries(isJsonRecord(hashes) ? hashes : {}).flatMap(([stix, value]) => {
    const type = MISP_HASHES.get(stix);
    return type === undefined ? [] : [{ type, value: String(value) }];
  });
  const filename = typeof name === "string" ? name : undefined;
  const about = indicator ?? file;
  const lookedFor = new Set(indicator === undefined ? [] : namedBy(indicator));
  const acts = indicator !== undefined && scene.mayBeActedUpon(indicator);
  const toIds = (value: string): boolean => acts && lookedFor.has(value.toLowerCase());
  if (indicator !== undefined) scene.absorb(indicator.object.id);
  const simple = simpleForm(filename, digests, file.object);
  if (simple === undefined) {
    const object = addObject(
      scene,
      file,
      "file",
      partsOf(scene, file.object, filename, digests, toIds),
      textOf(about.object.description),
    );
    describeBy(scene, object.Attribute[0], about, file);
    if (indicator !== undefined) scene.wrote(indicator.object.id, { attributes: object.Attribute, object });
    return;
  }
  const attribute = newAttribute(scene, about, {
    ...simple,
    toIds: acts && simple.value.split("|").some((half) => lookedFor.has(half.toLowerCase())),
    comment: textOf(about.object.description),
    firstSeen: textOf(about.object.valid_from),
  });
  scene.event.Attribute.push(attribute);
  for (const one of [file, about]) scene.wrote(one.object.id, { attributes: [attribute] });
}

/** The labels of an indicator that was taken into a file's object. */
function describeBy(
  scene: Scene,
  first: { Tag?: { name: string }[]; first_seen?: string } | undefined,
  about: ExportItem,
  file: ExportItem,
): void {
  if (first === undefined || about === file) return;
  const { Tag } = newAttribute(scene, about, { type: "text", value: "", toIds: false });
  if (Tag !== undefined)
    first.Tag = [...new Map([...(first.Tag ?? []), ...Tag].map((tag) => [tag.name, tag])).values()];
  const since = textOf(about.object.valid_from);
  if (since !== undefined) first.first_seen = since;
}

const SIMPLE = new Set("type id spec_version name hashes object_marking_refs labels".split(" "));

/** One name, one digest, or a name with one digest: an attribute says all of it. */
function simpleForm(
  name: string | undefined,
  hashes: readonly Hash[],
  file: StixObject,
): { type: string; value: string } | undefined {
  const all = Object.keys(isJsonRecord(file.hashes) ? file.hashes : {}).length;
  const [hash] = hashes;
  if (all > 1 || all !== hashes.length || Object.keys(file).some((key) => !SIMPLE.has(key))) return undefined;
  if (hash === undefined) return name === undefined ? undefined : { type: "filename", value: name };
  if (name === undefined) return { type: hash.type, value: hash.value };
  return name.includes("|") ? undefined : { type: `filename|${hash.type}`, value: `${name}|${hash.value}` };
}

function partsOf(
  scene: Scene,
  file: StixObject,
  name: string | undefined,
  hashes: readonly Hash[],
  toIds: (value: string) => boolean,
): NewPart[] {
  const directory = scene.object(file.parent_directory_ref);
  const path = textOf(directory?.path);
  if (directory !== undefined && path !== undefined) scene.absorb(directory.id);
  const one = (relation: string, value: unknown): NewPart[] =>
    value === undefined ? [] : [{ relation, value: String(value), part: relation }];
  return [
    ...(name === undefined
      ? []
      : [{ relation: "filename", value: name, part: "filename", toIds: toIds(name) }]),
    ...hashes.map(({ type, value }) => ({ relation: type, value, part: type, toIds: toIds(value) })),
    ...one("size-in-bytes", file.size),
    ...one("mimetype", file.mime_type),
    ...one("path", path),
    ...listOf(file.name_enc).flatMap((value) => one("file-encoding", value)),
  ];
}
