import { z } from "zod";
import { markingDefinitionProperties } from "../object-properties.ts";
import { defineType, type Report } from "../object-type.ts";
import { Text } from "../property-types.ts";
import { TLP_1_IDS } from "../tlp-marking.ts";

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
  rules: [saysWhat, statementHasText, tlpIsFixed],
});

/** §7.2.1.1: a type with its definition, unless an extension speaks instead. */
function saysWhat(object: StixMarkingDefinition, report: Report): void {
  const typed = object.definition_type !== undefined;
  if (typed !== (object.definition !== undefined)) {
    report("", "missing-property", "definition_type and definition go together");
  } else if (!typed && object.extensions === undefined) {
    report("", "missing-property", "needs a definition or an extension");
  }
}

/** §7.2.1.3 */
function statementHasText(object: StixMarkingDefinition, report: Report): void {
  if (object.definition_type !== "statement" || object.definition === undefined) return;
  if (typeof object.definition.statement === "string") return;
  report("/definition/statement", "missing-property", "is needed in a statement marking");
}

/** §7.2.1.4: four definitions exist, with fixed ids; nobody may make others. */
function tlpIsFixed(object: StixMarkingDefinition, report: Report): void {
  if (object.definition_type !== "tlp" || object.definition === undefined) return;
  const colour = object.definition.tlp;
  const id = typeof colour === "string" && Object.hasOwn(TLP_1_IDS, colour) ? TLP_1_IDS[colour] : undefined;
  if (id === undefined) {
    report("/definition/tlp", "invalid-value", "must be white, green, amber or red");
  } else if (object.id !== id || object.created !== "2017-01-20T00:00:00.000Z") {
    report("/id", "invalid-value", "is not the fixed definition of this TLP colour");
  }
}
