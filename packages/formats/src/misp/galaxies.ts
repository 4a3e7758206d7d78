import type { ObjectDraft } from "../draft.ts";
import { drop } from "../drop.ts";
import { isJsonRecord, type JsonRecord, listOf, textOf } from "../json-value.ts";
import { localName } from "../local-name.ts";

/** Whom or what a cluster names, as a STIX object that others can point to. */
export type Cluster = Pick<ObjectDraft, "object"> & { local: string };

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
): { clusters: Cluster[]; labels: string[] } {
  const clusters = new Map<string, Cluster>();
  const covered = new Set<string>();
  for (const galaxy of listOf(galaxies)) {
    if (!isJsonRecord(galaxy)) continue;
    for (const entry of listOf(galaxy.GalaxyCluster)) {
      if (!isJsonRecord(entry)) continue;
      const tag = textOf(entry.tag_name);
      const cluster = clusterOf(textOf(entry.type) ?? textOf(galaxy.type), textOf(entry.value), entry);
      if (cluster === undefined) continue;
      clusters.set(cluster.local, cluster);
      if (tag !== undefined) covered.add(tag);
    }
  }
  const labels: string[] = [];
  for (const tag of tags) {
    if (covered.has(tag)) continue;
    const [, type, value] = /^misp-galaxy:([^=]+)="(.*)"$/.exec(tag) ?? [];
    const cluster = clusterOf(type, value, {});
    if (cluster === undefined) labels.push(tag);
    else if (!clusters.has(cluster.local)) clusters.set(cluster.local, cluster);
  }
  return { clusters: [...clusters.values()], labels };
}

function clusterOf(
  galaxy: string | undefined,
  value: string | undefined,
  entry: JsonRecord,
): Cluster | undefined {
  const type = TYPES.find(([pattern]) => galaxy !== undefined && pattern.test(galaxy))?.[1];
  if (type === undefined || value === undefined || BARE_ID.test(value)) return undefined;
  // ATT&CK's clusters write the technique's number behind its name.
  const [, name = value, technique] = /^(.*?)\s+-\s+([A-Z]{1,2}\d{4}(?:\.\d{3})?)$/.exec(value) ?? [];
  const meta = isJsonRecord(entry.meta) ? entry.meta : {};
  const synonyms = [...new Set(listOf(meta.synonyms).flatMap((synonym) => textOf(synonym) ?? []))];
  const number = technique ?? listOf(meta.external_id).map(textOf)[0];
  const hasAliases = type !== "course-of-action";
  return {
    local: localName(type, `misp-galaxy/${type}/${value}`),
    object: drop({
      type,
      spec_version: "2.1",
      name,
      description: textOf(entry.description),
      is_family: type === "malware" ? true : undefined,
      aliases: hasAliases && synonyms.length > 0 ? synonyms : undefined,
      external_references:
        number === undefined ? undefined : [{ source_name: "mitre-attack", external_id: number }],
    }),
  };
}
