import { createHash } from "node:crypto";
import type { DirectoryEntry, Sector } from "@suar/runtime";
import { formatTlp, keyedId, type Tlp } from "@suar/stix";
import type { Collection } from "@suar/taxii";
import type { Scope } from "../store/taxii-entry.ts";

/** A collection, what it holds, and the marking that is written to it with what brings none. */
export type LiveCollection = { shown: Collection; scope: Scope; tlp?: Tlp };

export type CollectionsRequest = {
  realm: string;
  own: { id: number; member: string };
  mayWrite: boolean;
  organisations: readonly DirectoryEntry[];
  sectors: readonly Sector[];
};

/**
 * The collections of a caller, always in the same order (TAXII 2.1 §5.1): everything, what each producer states, by
 * TLP, by sector. Who may submit writes to the own one, where objects bring their marking, or to one of a TLP.
 */
export function collectionsOf(request: CollectionsRequest): LiveCollection[] {
  return [
    { scope: {}, shown: collection(request, "all", "Everything", "All that you may see") },
    ...ofProducers(request),
    ...FEED_TLPS.map((tlp) => ofTlp(request, tlp)),
    ...request.sectors.map(({ code, name }) => {
      const shown = collection(request, `sector-${code}`, `Sector: ${name}`, `What is about ${code}`);
      return { scope: { sector: code }, shown };
    }),
  ];
}

const FEED_TLPS = ["clear", "green", "amber", "amber+strict"] as const satisfies readonly Tlp[];

function ofTlp(request: CollectionsRequest, tlp: Tlp): LiveCollection {
  const told = `Marked ${formatTlp(tlp)}, and so is what you write here without a marking`;
  const shown = collection(request, `tlp-${tlp.replace("+", "-")}`, formatTlp(tlp), told);
  return { scope: { tlp }, tlp, shown: { ...shown, can_write: request.mayWrite } };
}

/** The members, and the caller's own agencies: who else has agencies, and which, is theirs to tell. */
function ofProducers(request: CollectionsRequest): LiveCollection[] {
  const { own, organisations, mayWrite } = request;
  const shownTo = organisations.filter(({ kind, member }) => kind === "cert" || member === own.member);
  return shownTo.map(({ id, code, name }) => {
    const isOwn = id === own.id;
    const told = isOwn
      ? "What you state; what you write here brings its marking"
      : `What ${code} states to you`;
    const shown = collection(request, `producer-${code.toLowerCase().replace(":", "-")}`, name, told);
    return { scope: { producer: id }, shown: { ...shown, can_write: isOwn && mayWrite } };
  });
}

function collection(
  { realm }: CollectionsRequest,
  alias: string,
  title: string,
  description: string,
): Collection {
  return {
    id: collectionId(realm, alias),
    title,
    description,
    alias,
    can_read: true,
    can_write: false,
    media_types: ["application/stix+json;version=2.1"],
  };
}

const ids = new Map<string, string>();

/** A UUID of version 4 (§5.2.1) that stays the same; the alias is what people use. */
function collectionId(realm: string, alias: string): string {
  const name = `${realm}/${alias}`;
  const known = ids.get(name);
  if (known !== undefined) return known;
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const id = keyedId(sha256, "collection", name).slice("collection--".length);
  ids.set(name, id);
  return id;
}
