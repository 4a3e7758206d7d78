import type { StixObject } from "../stix-object.ts";
import type { ObjectType } from "../type/object-type.ts";
import { event } from "./event.ts";
import { impact } from "./impact.ts";
import { isNamed } from "./suite.ts";
import { task } from "./task.ts";

/** The three types that the suite adds, by the extensions that say so (§2.2, §2.3, §2.4). */
const SUITE_TYPES: ReadonlyMap<string, { extension: string; definition: ObjectType }> = new Map([
  ["event", { extension: "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e", definition: event }],
  ["impact", { extension: "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9", definition: impact }],
  ["task", { extension: "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030", definition: task }],
]);

/** How to judge an object of the suite, where it is one and of the pinned shape. */
export function suiteTypeOf(object: StixObject): ObjectType | undefined {
  const suite = SUITE_TYPES.get(object.type);
  if (suite === undefined || !isDeclared(object.extensions, suite.extension)) return undefined;
  // No draft lets its objects be defanged: that is an error, not a word of another shape.
  const { defanged: _, ...said } = object;
  return isNamed(said, suite.definition.properties) ? suite.definition : undefined;
}

/** Later drafts name an impact's extensions as STIX names its own, such as `monetary-ext`: another shape. */
function isDeclared(extensions: unknown, id: string): boolean {
  if (typeof extensions !== "object" || extensions === null) return false;
  const definition = (extensions as Record<string, { extension_type?: unknown } | null>)[id];
  return (
    definition?.extension_type === "new-sdo" && !Object.keys(extensions).some((name) => name.endsWith("-ext"))
  );
}
