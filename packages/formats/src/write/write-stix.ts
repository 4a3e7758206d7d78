import { tlpMarkingDefinition, tlpOfMarking, uuidv5 } from "@suar/stix";
import { exerciseOf } from "./marking-lines.ts";
import { validityOf } from "./validity.ts";
import { NOTHING, type Writer } from "./writer.ts";

/**
 * A STIX 2.1 bundle (§8): the TLP definitions of what is in it, then the renditions' own text, which is not parsed and
 * printed again. Where several producers state an object, each statement is in it. That of a drill begins with a statement
 * that it is one.
 */
export const stixWriter: Writer = {
  mediaType: "application/stix+json;version=2.1",
  extension: ".json",
  isBlocklist: false,
  losses: ["who states an object, where that is not who created it, and when it was logged"],
  open: ({ now }) => ({
    header: ({ id, tlps, exercise }) => {
      const begin = `{"type":"bundle","id":"bundle--${id}"`;
      const first = [
        ...(exercise === undefined ? [] : [exerciseStatement(exercise)]),
        ...tlps.map(tlpMarkingDefinition),
      ];
      // Objects may be none, but no empty list (§2.9).
      return first.length === 0
        ? begin
        : `${begin},"objects":[\n${first.map((one) => JSON.stringify(one)).join(",\n")}`;
    },
    footer: ({ tlps, exercise }) => (tlps.length === 0 && exercise === undefined ? "}\n" : "\n]}\n"),
    write: ({ object, body }) =>
      validityOf(object, now) === "over" || tlpOfMarking(object.id) !== undefined
        ? NOTHING
        : { ...NOTHING, text: `,\n${body}` },
  }),
};

const NAMESPACE = "877e5107-d897-407a-9bd7-71743215a684";

/** §7.2.1.3. The same in each export of a drill. */
function exerciseStatement(exercise: string): object {
  const statement = exerciseOf(exercise);
  return {
    type: "marking-definition",
    spec_version: "2.1",
    id: `marking-definition--${uuidv5(NAMESPACE, statement)}`,
    created: "2017-01-20T00:00:00.000Z",
    definition_type: "statement",
    definition: { statement },
  };
}
