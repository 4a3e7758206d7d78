import { hash } from "node:crypto";
import { contentOf, isWarningLabel, type StixObject, tlpOfMarking } from "@suar/stix";

/**
 * What an object says, as a hash that is equal for all that Suar, and others on its way, make of it: TLP stands among
 * its markings, or beside it; PAP is a label of it, or of what contains it, and so is each warning list that it was on.
 */
export function saidHash(object: StixObject): Buffer {
  const { object_marking_refs: refs, labels, ...rest } = object;
  const said = {
    ...rest,
    ...listWithout("object_marking_refs", refs, (ref) => tlpOfMarking(ref) !== undefined),
    ...listWithout("labels", labels, (label) => /^pap:/i.test(label) || isWarningLabel(label)),
  };
  return hash("sha256", contentOf(said), "buffer");
}

/** A list that holds nothing more is no property (STIX 2.1 §2.10). */
function listWithout(name: string, list: unknown, isAdded: (text: string) => boolean): object {
  if (!Array.isArray(list)) return list === undefined ? {} : { [name]: list };
  const own = list.filter((one) => typeof one !== "string" || !isAdded(one));
  return own.length === 0 ? {} : { [name]: own };
}
