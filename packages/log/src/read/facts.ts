import { INCIDENT_EXTENSION } from "@suar/formats";
import { type AssetMarks, assetMarksOf, keysOf, type StixObject } from "@suar/stix";
import type { Entry, Said } from "./entry.ts";

/** What filters ask of an entry, worked out once and only as far as somebody asks. */
export type Facts = {
  readonly kind: string;
  readonly tlp: string;
  readonly producer: string;
  readonly type: string;
  readonly severity: string | undefined;
  readonly sectors: readonly string[];
  readonly countries: readonly string[];
  readonly labels: readonly string[];
  /** Canonical observable keys, as `domain:example.com`. */
  readonly keys: readonly string[];
  /** What it says of assets, itself and by what it names, as far as an organisation was told of that. */
  marksFor(organisationId: number | undefined): readonly AssetMarks[];
  /** Name and description in lower case. */
  readonly text: string;
};

const known = new WeakMap<Entry, Facts>();

export function factsOf(entry: Entry): Facts {
  const remembered = known.get(entry);
  if (remembered !== undefined) return remembered;
  const facts = new ObjectFacts(entry);
  known.set(entry, facts);
  return facts;
}

/** Severities as labels say them: `severity:high`. */
const SEVERITY_LABEL = /^severity[:=]"?(low|medium|high|critical)"?$/i;
const SECTOR_LABEL = /^sector[:=]"?([^"]+)"?$/i;

class ObjectFacts implements Facts {
  readonly #entry: Entry;
  #object: StixObject | undefined;
  #keys: readonly string[] | undefined;
  #marks: readonly [AssetMarks] | undefined;

  constructor(entry: Entry) {
    this.#entry = entry;
  }

  get #parsed(): StixObject {
    this.#object ??= JSON.parse(this.#entry.body) as StixObject;
    return this.#object;
  }

  get kind(): string {
    return this.#entry.kind;
  }
  get tlp(): string {
    return this.#entry.tlp;
  }
  get producer(): string {
    return this.#entry.producer;
  }
  get type(): string {
    return this.#entry.stixId.slice(0, this.#entry.stixId.indexOf("--"));
  }
  get labels(): readonly string[] {
    return textsOf(this.#parsed.labels);
  }
  get severity(): string | undefined {
    const own = incidentOf(this.#parsed).severity;
    if (typeof own === "string") return own;
    for (const label of this.labels) {
      const match = SEVERITY_LABEL.exec(label);
      if (match?.[1] !== undefined) return match[1].toLowerCase();
    }
    return undefined;
  }
  get sectors(): readonly string[] {
    return sectorsOf(this.#parsed);
  }
  get countries(): readonly string[] {
    const { affected } = incidentOf(this.#parsed);
    const country = this.#parsed.country;
    return [
      ...(typeof country === "string" ? [country] : []),
      ...(isRecord(affected) ? textsOf(affected.countries) : []),
    ];
  }
  get keys(): readonly string[] {
    const keys = this.#keys ?? keysOf(this.#parsed);
    this.#keys = keys;
    return keys;
  }
  marksFor(organisationId: number | undefined): readonly AssetMarks[] {
    const own = this.#marks ?? ([assetMarksOf(this.#parsed)] as const);
    this.#marks = own;
    const { named } = this.#entry;
    if (named === undefined) return own;
    const isHeard = ({ to }: Said): boolean =>
      to === undefined || (organisationId !== undefined && to.has(organisationId));
    const heard = named.flatMap((said) => said.find(isHeard)?.marks ?? []);
    return [...own, ...heard];
  }
  get text(): string {
    const { name, description } = this.#parsed as { name?: unknown; description?: unknown };
    return `${typeof name === "string" ? name : ""}\n${typeof description === "string" ? description : ""}`.toLowerCase();
  }
}

/** The sectors that an object is about: its own, those that an incident affects, those of its labels. */
export function sectorsOf(object: StixObject): string[] {
  const sectors = textsOf(object.sectors);
  const { affected } = incidentOf(object);
  if (isRecord(affected)) sectors.push(...textsOf(affected.sectors));
  if (Array.isArray(object.labels))
    for (const label of object.labels) {
      const sector = typeof label === "string" ? SECTOR_LABEL.exec(label)?.[1] : undefined;
      if (sector !== undefined) sectors.push(sector);
    }
  return sectors;
}

function incidentOf({ extensions }: StixObject): Record<string, unknown> {
  const own = isRecord(extensions) ? extensions[INCIDENT_EXTENSION] : undefined;
  return isRecord(own) ? own : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
