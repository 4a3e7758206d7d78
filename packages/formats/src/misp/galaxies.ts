import type { ObjectDraft } from "../draft.ts";
import { drop } from "../drop.ts";
import { isJsonRecord, type JsonRecord, textOf } from "../json-value.ts";
import { localName } from "../local-name.ts";
import { ownValue } from "../own-value.ts";
import { membersOf } from "./fields.ts";

/** Whom or what a cluster names, as a STIX object that others can point to. */
export type Cluster = Pick<ObjectDraft, "object"> & { local: string };

export type LostOfCluster = { at: string; field: string };

const LONGEST_LABEL = 400;

/** Galaxies whose clusters are objects of STIX; the tags of all others stay labels. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/attack-pattern$|^mitre-ics-techniques$/, "attack-pattern"],
  [/intrusion-set$|^mitre-ics-groups$/, "intrusion-set"],
  [/^(?:360net-|microsoft-)?(?:threat-actor|activity-group)$/, "threat-actor"],
  [
    /^(?:malpedia|ransomware|rat|botnet|banker|backdoor|stealer|cryptominers|android)$|malware$|^mitre-ics-software$/,
    "malware",
  ],
  [/^(?:mitre-)?(?:[a-z-]+-)?tool$/, "tool"],
  [/course-of-action$|^mitre-ics-mitigations$/, "course-of-action"],
];

/** A tag that is nothing but an id says nothing to a reader. */
const BARE_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;

/**
 * The clusters that an event or an attribute has: as MISP gives them under `Galaxy`, else as their tags name
 * them. `labels` are the tags that became no object.
 */
export function readGalaxies(
  galaxies: unknown,
  tags: readonly string[],
): { clusters: Cluster[]; labels: string[]; lost: LostOfCluster[] } {
  const clusters = new Map<string, Cluster>();
  const covered = new Set<string>();
  const lost: LostOfCluster[] = [];
  const labels: string[] = [];
  const written = new Set(tags);
  for (const { at, galaxy, entry } of entriesOf(galaxies)) {
    const [type, value] = [textOf(entry.type) ?? galaxy, textOf(entry.value)];
    const tag = textOf(entry.tag_name) ?? `misp-galaxy:${type}="${value}"`;
    const cluster = clusterOf(type, value, entry);
    lost.push(...lostOf(entry, cluster).map((field) => ({ at: `${at}/${field}`, field: `Galaxy/${field}` })));
    if (cluster !== undefined) {
      clusters.set(cluster.local, cluster);
      covered.add(tag);
    } else if (value !== undefined && !written.has(tag) && tag.length <= LONGEST_LABEL) labels.push(tag);
    else if (!written.has(tag)) lost.push({ at, field: "Galaxy" });
  }
  for (const tag of tags) {
    if (covered.has(tag)) continue;
    const [, type, value] = /^misp-galaxy:([^=]+)="(.*)"$/.exec(tag) ?? [];
    const cluster = clusterOf(type, value, {});
    if (cluster === undefined) labels.push(tag);
    else if (!clusters.has(cluster.local)) clusters.set(cluster.local, cluster);
  }
  return { clusters: [...clusters.values()], labels: [...new Set(labels)], lost };
}

function* entriesOf(
  galaxies: unknown,
): Generator<{ at: string; galaxy: string | undefined; entry: JsonRecord }> {
  for (const { key, value: galaxy } of membersOf(galaxies)) {
    if (!isJsonRecord(galaxy)) continue;
    for (const { key: place, value: entry } of membersOf(galaxy.GalaxyCluster))
      if (isJsonRecord(entry))
        yield { at: `Galaxy/${key}/GalaxyCluster/${place}`, galaxy: textOf(galaxy.type), entry };
  }
}

/** What a cluster says that its object, or its label, does not. */
function lostOf(entry: JsonRecord, cluster: Cluster | undefined): string[] {
  const meta = isJsonRecord(entry.meta) ? entry.meta : {};
  const held = Object.keys(meta).filter((key) => textsOf(meta[key]).length > 0);
  if (cluster === undefined)
    return [
      ...(textOf(entry.description) === undefined ? [] : ["description"]),
      ...held.map((key) => `meta/${key}`),
    ];
  const { object } = cluster;
  const isCarried: Readonly<Record<string, boolean>> = {
    synonyms: object.type !== "course-of-action",
    refs: linksOf(meta).length === textsOf(meta.refs).length && linksOf(meta).length <= MOST_LINKS,
    external_id: textsOf(meta.external_id).length < MOST_NUMBERS,
    kill_chain: phasesOf(String(object.type), meta).length > 0,
  };
  return held.filter((key) => ownValue(isCarried, key) !== true).map((key) => `meta/${key}`);
}

function clusterOf(
  galaxy: string | undefined,
  value: string | undefined,
  entry: JsonRecord,
): Cluster | undefined {
  const type = TYPES.find(([pattern]) => galaxy !== undefined && pattern.test(galaxy))?.[1];
  if (type === undefined || value === undefined || BARE_ID.test(value)) return undefined;
  // ATT&CK's clusters write the number behind the name, of a technique as of a group.
  const [, name = value, numbered] =
    value.length > LONGEST_LABEL ? [] : (/^(.*?)\s+-\s+([A-Z]{1,3}\d{4}(?:\.\d{3})?)$/.exec(value) ?? []);
  const meta = isJsonRecord(entry.meta) ? entry.meta : {};
  const synonyms = [...new Set(textsOf(meta.synonyms))].filter((synonym) => synonym !== name);
  const numbers = [...(numbered === undefined ? [] : [numbered]), ...textsOf(meta.external_id)];
  const uuid = textOf(entry.uuid);
  const phases = phasesOf(type, meta);
  const references = [
    ...[...new Set(numbers)].slice(0, MOST_NUMBERS).map((number) => ({
      source_name: sourceOf(galaxy, number),
      external_id: number,
    })),
    ...(uuid === undefined ? [] : [{ source_name: `misp-galaxy:${galaxy}`, external_id: uuid }]),
    ...linksOf(meta)
      .slice(0, MOST_LINKS)
      .map((url) => ({ source_name: "misp-galaxy", url })),
  ];
  const hasAliases = type !== "course-of-action";
  return {
    local: localName(type, `misp-galaxy/${type}/${value}`),
    object: drop({
      type,
      spec_version: "2.1",
      name,
      description: textOf(entry.description),
      is_family: type === "malware" ? true : undefined,
      kill_chain_phases: phases.length > 0 ? phases : undefined,
      aliases: hasAliases && synonyms.length > 0 ? synonyms : undefined,
      external_references: references.length > 0 ? references : undefined,
    }),
  };
}

function linksOf(meta: JsonRecord): string[] {
  return textsOf(meta.refs).filter((url) => /^https?:\/\/\S+$/.test(url));
}

const WITH_PHASES: ReadonlySet<string> = new Set(["attack-pattern", "malware", "tool"]);

/** `mitre-attack:initial-access`; the chain of ATT&CK is one, whichever platform a galaxy names with it. */
function phasesOf(type: string, meta: JsonRecord): { kill_chain_name: string; phase_name: string }[] {
  if (!WITH_PHASES.has(type)) return [];
  const phases = new Map<string, { kill_chain_name: string; phase_name: string }>();
  for (const written of textsOf(meta.kill_chain)) {
    const [, chain, phase] = /^([\w-]{1,80}):([\w -]{1,80})$/.exec(written) ?? [];
    if (chain === undefined || phase === undefined) continue;
    const kill_chain_name = /^(?:mitre-)?attack(?:-|$)/i.test(chain) ? "mitre-attack" : chain.toLowerCase();
    const phase_name = phase.trim().toLowerCase().replaceAll(" ", "-");
    phases.set(`${kill_chain_name}:${phase_name}`, { kill_chain_name, phase_name });
  }
  return [...phases.values()];
}

/** A technique's own, and those of what it was called before. */
const MOST_NUMBERS = 10;
/** Of a cluster's links, which are pages about it and may be a hundred. */
const MOST_LINKS = 20;

/** Lists of a cluster's `meta`, which some exports write as one text. */
function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => textOf(one) ?? []);
}

/** Numbers are ATT&CK's, but for those of CAPEC and of galaxies that count for themselves. */
function sourceOf(galaxy: string | undefined, number: string): string {
  if (/^CAPEC-\d+$/.test(number)) return "capec";
  return galaxy?.startsWith("mitre-") === true || /^[A-Z]{1,3}\d{4}(?:\.\d{3})?$/.test(number)
    ? "mitre-attack"
    : `misp-galaxy:${galaxy}`;
}
