import { z } from "zod";
import { typeOfId } from "../name/identifier.ts";
import { domainProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { checkContainer } from "../type/observable-container.ts";
import { dictionary, Integer, list, Text, Timestamp } from "../type/property-types.ts";
import { ScoOrSroRef } from "../type/reference-types.ts";
import { exactlyOne, notBefore } from "../type/rules.ts";

/** §4.14 Facts seen on systems and networks, as SCOs. */
export const StixObservedData = z.looseObject({
  ...domainProperties("observed-data"), // 3.2
  first_observed: Timestamp, // 4.14.1
  last_observed: Timestamp, // 4.14.1
  number_observed: Integer.min(1).max(999_999_999), // 4.14.1
  objects: dictionary(z.looseObject({ type: Text })).optional(), // 4.14.1, deprecated
  object_refs: list(ScoOrSroRef).optional(), // 4.14.1
});
export type StixObservedData = z.infer<typeof StixObservedData>;

export const observedData = defineType({
  type: "observed-data",
  section: "4.14",
  family: "sdo",
  schema: StixObservedData,
  rules: [
    notBefore("last_observed", "first_observed"),
    exactlyOne("objects", "object_refs"),
    refersToSco,
    containsSco,
  ], // 4.14.1
});

function containsSco(object: StixObservedData, report: Report): void {
  if (object.objects !== undefined) checkContainer(object.objects, report);
}

/** §4.14.1: relationships alone observe nothing. */
function refersToSco(object: StixObservedData, report: Report): void {
  const refs = object.object_refs;
  if (refs === undefined) return;
  if (refs.some((id) => typeOfId(id) !== "relationship" && typeOfId(id) !== "sighting")) return;
  report("/object_refs", "missing-reference", "must refer to at least one SCO");
}
