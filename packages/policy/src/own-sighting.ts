import { type StixObject, suarId } from "@suar/stix";
import { Member } from "./pairs/jurisdiction.ts";

const CERTS: ReadonlySet<unknown> = new Set(Member.options.map((code) => suarId("identity", code)));

/**
 * STIX 2.1 §5.2: that the creator itself saw it is said by naming it in `where_sighted_refs`. A national CERT that looks on
 * behalf of all is nobody's victim there; whoever else is named is taken for one, the agency that says so of itself, too.
 */
export function isOwnSighting({ created_by_ref: creator, where_sighted_refs: where }: StixObject): boolean {
  return Array.isArray(where) && where.length === 1 && where[0] === creator && CERTS.has(creator);
}
