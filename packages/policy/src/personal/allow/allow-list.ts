import { TLP_2_EXTENSION, typeOfId } from "@suar/stix";
import { ATTACK_PROPERTIES } from "./attack.ts";
import { META } from "./common.ts";
import { DOMAIN_OBJECTS } from "./domain-objects.ts";
import { OBSERVABLES } from "./observables.ts";
import { all, type Choice, type Properties, resolvedShape, type Shape } from "./shape.ts";

const LISTED: ReadonlyMap<string, Shape> = new Map([
  ...Object.entries(DOMAIN_OBJECTS),
  ...Object.entries(OBSERVABLES),
  [
    "extension-definition",
    {
      ...META,
      ...all("prose", "name description version"),
      schema: "value",
      ...all("plain", "extension_types extension_properties"),
    },
  ] satisfies [string, Shape],
  [
    "marking-definition",
    {
      ...META,
      name: "prose",
      definition_type: "prose",
      definition: all("prose", "statement tlp"),
      extensions: { [TLP_2_EXTENSION]: all("plain", "extension_type tlp_2_0") },
    },
  ] satisfies [string, Shape],
]);

const LANGUAGE_CONTENT: Properties = {
  ...META,
  extensions: {},
  ...all("plain", "object_ref object_modified"),
};

/** Observed data that holds its observables itself (§4.14.1, deprecated); a victim's holds a victim's. */
const OBSERVED: Properties = { ...(DOMAIN_OBJECTS["observed-data"] as Properties) };

const withObjects: Choice = ({ id }, context) => ({
  ...OBSERVED,
  objects: {
    "*": (embedded) => {
      const victim = context.victims?.has(String(id)) === true;
      const shape = OBSERVABLES[String(embedded?.type)];
      // Nobody says whose these are, one by one: who has an address of electronic mail is taken for a victim.
      const isHarmed = victim || embedded?.type === "email-addr";
      const known = isHarmed ? { victims: new Set([String(embedded?.id)]) } : context;
      return resolvedShape(shape, embedded, known) ?? { type: "plain" };
    },
  },
});

const memo = new Map<string, Shape>();

/** The allow-list of a type; undefined for those that STIX does not define. */
export function allowListOf(type: string): Shape | undefined {
  const known = memo.get(type);
  if (known !== undefined) return known;
  const shape = makeShape(type);
  if (shape !== undefined) memo.set(type, shape);
  return shape;
}

function makeShape(type: string): Shape | undefined {
  if (type === "observed-data") return withObjects;
  if (type === "language-content") return translations;
  const listed = LISTED.get(type);
  const attack = ATTACK_PROPERTIES[type];
  return listed === undefined || attack === undefined ? listed : extended(listed, attack);
}

function extended(listed: Shape, more: Properties): Shape {
  if (typeof listed === "object") return { ...listed, ...more };
  const made = new Map<unknown, Properties>();
  return (object, context) => {
    const own = resolvedShape(listed, object, context) as Properties;
    const known = made.get(own) ?? { ...own, ...more };
    made.set(own, known);
    return known;
  };
}

/** §7.1: the translations of an object's texts are looked at as the texts themselves are. */
const translations: Choice = (object, context) => {
  const of = resolvedShape(allowListOf(typeOfId(String(object.object_ref))), {}, context);
  return { ...LANGUAGE_CONTENT, contents: { "*": typeof of === "object" ? withoutPlain(of) : {} } };
};

/** What may be translated: texts. A number, an id or a time has one language. */
function withoutPlain(shape: Properties): Properties {
  const texts = Object.entries(shape).filter(([, member]) => member !== "plain");
  return Object.fromEntries(texts);
}
