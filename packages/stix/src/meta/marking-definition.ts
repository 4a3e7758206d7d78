import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { Tlp } from "../marking/tlp.ts";
import { fixedTlpDefinition, TLP_2_EXTENSION } from "../marking/tlp-marking.ts";
import { pointer, type StixObject } from "../stix-object.ts";
import { markingDefinitionProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { Text } from "../type/property-types.ts";
import { plainTimestamp } from "../version/timestamp.ts";

/** §7.2.1.4 */
const TLP_1 = z.enum(["white", "green", "amber", "red"]);

/** §7.2.1 What a marking means: a statement, a TLP 1 colour, or what an extension defines. */
export const StixMarkingDefinition = z.looseObject({
  ...markingDefinitionProperties("marking-definition"), // 3.2
  name: Text.optional(), // 7.2.1.1
  definition_type: Text.optional(), // 7.2.1.1, deprecated
  definition: z.looseObject({}).optional(), // 7.2.1.1, deprecated
});
export type StixMarkingDefinition = z.infer<typeof StixMarkingDefinition>;

export const markingDefinition = defineType({
  type: "marking-definition",
  section: "7.2.1",
  family: "meta",
  schema: StixMarkingDefinition,
  refused: ["modified", "revoked", "labels", "confidence", "lang", "defanged"],
  rules: [saysWhat, statementHasText, tlpIsFixed, notMarkedByItself],
});

/** §7.2.1.1: a type and its definition, unless an extension speaks instead. */
function saysWhat(object: StixMarkingDefinition, report: Report): void {
  if (object.extensions !== undefined) return;
  if (object.definition_type !== undefined && object.definition !== undefined) return;
  report("", "missing-property", "needs a definition_type and a definition, or an extension");
}

/** §3.2: a marking must not be marked by itself. */
function notMarkedByItself(object: StixMarkingDefinition, report: Report): void {
  object.object_marking_refs?.forEach((ref, n) => {
    if (ref === object.id) report(`/object_marking_refs/${n}`, "not-allowed", "is this very marking");
  });
  object.granular_markings?.forEach(({ marking_ref: ref }, n) => {
    if (ref === object.id)
      report(`/granular_markings/${n}/marking_ref`, "not-allowed", "is this very marking");
  });
}

/** §7.2.1.3 */
function statementHasText(object: StixMarkingDefinition, report: Report): void {
  if (object.definition_type !== "statement" || object.definition === undefined) return;
  if (typeof object.definition.statement === "string") return;
  report("/definition/statement", "missing-property", "is needed in a statement marking");
}

/**
 * §7.2.1.4: the definitions of TLP 1, and those that OASIS publishes for TLP 2, are what they are: nobody may say
 * anything else under their ids, nor make others of TLP 1. A `name` may be missing: not all drafts had one.
 */
function tlpIsFixed(object: StixMarkingDefinition, report: Report): void {
  const fixed = fixedTlpDefinition(object.id);
  if (fixed === undefined) refuseOthers(object, report);
  else refuseChanges(object, fixed, report);
}

function refuseChanges(object: StixMarkingDefinition, fixed: StixObject, report: Report): void {
  const must: Record<string, unknown> = { ...fixed, created: plainTimestamp(String(fixed.created)) };
  const said: Record<string, unknown> = {
    name: fixed.name,
    ...object,
    id: fixed.id,
    created: plainTimestamp(object.created),
  };
  for (const name of new Set([...Object.keys(must), ...Object.keys(said)])) {
    if (isDeepStrictEqual(said[name], must[name])) continue;
    const rule = name in must ? `must be ${JSON.stringify(fixed[name])}` : "must not be there";
    report(pointer([name]), "fixed-definition", `${rule}: the definition of ${fixed.name} is fixed`);
  }
}

/** Neither a fifth colour of TLP 1 nor another definition of one of the four; no level that TLP 2 has not. */
function refuseOthers(
  { definition_type: type, definition, extensions }: StixMarkingDefinition,
  report: Report,
): void {
  if (type === "tlp" && definition !== undefined) {
    const known = TLP_1.safeParse(definition.tlp).success;
    if (known) report("/id", "fixed-definition", "is not the fixed definition of this TLP colour");
    else report("/definition/tlp", "invalid-value", "must be white, green, amber or red");
  }
  const level = extensions?.[TLP_2_EXTENSION]?.tlp_2_0;
  if (level === undefined || Tlp.safeParse(level).success) return;
  report(`/extensions/${TLP_2_EXTENSION}/tlp_2_0`, "invalid-value", "is no level of TLP 2.0");
}
