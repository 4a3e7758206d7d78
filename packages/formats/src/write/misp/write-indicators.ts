import { patternFor, valuesAlone } from "@suar/stix";
import { textOf } from "../../json-value.ts";
import { PROPERTY_TYPES, patternOf } from "../../misp/property-types.ts";
import type { ExportItem } from "../writer.ts";
import type { MispAttribute } from "./misp-shape.ts";
import { TYPE_OF_KIND, TYPE_OF_LANGUAGE } from "./misp-types.ts";
import { newAttribute } from "./new-attribute.ts";
import { addObject } from "./new-object.ts";
import { plainTests } from "./plain-tests.ts";
import { putAttribute } from "./put-attribute.ts";
import type { Scene } from "./scene.ts";

/** What indicators look for: an attribute of the value, of the rule, or an object that holds a pattern with its values. */
export function writeIndicators(scene: Scene): void {
  for (const item of [...scene.left()]) if (item.object.type === "indicator") writeIndicator(scene, item);
}

function writeIndicator(scene: Scene, item: ExportItem): void {
  const { pattern, pattern_type: language } = item.object;
  if (typeof pattern !== "string" || typeof language !== "string") return;
  if (language !== "stix") {
    writeRule(scene, item, pattern, language);
    return;
  }
  const found = valuesAlone(pattern);
  const [value] = found.isPlain ? found.values : [];
  if (found.isPlain && value !== undefined && found.values.length === 1 && found.others === 0) {
    const said = { type: TYPE_OF_KIND[value.kind], value: value.value };
    write(scene, item, { ...said, toIds: scene.mayBeActedUpon(item, value) });
    return;
  }
  const property = propertyLookedFor(pattern);
  if (property !== undefined) {
    write(scene, item, { ...property, toIds: scene.mayBeActedUpon(item) });
    return;
  }
  if (!found.isPlain || found.values.length < 2) {
    writeRule(scene, item, pattern, language);
    return;
  }
  addObject(
    scene,
    item,
    "stix2-pattern",
    [
      { relation: "stix2-pattern", value: pattern, part: "pattern" },
      ...found.values.map((one, at) => ({
        relation: TYPE_OF_KIND[one.kind],
        type: TYPE_OF_KIND[one.kind],
        value: one.value,
        part: at,
        toIds: scene.mayBeActedUpon(item, one),
      })),
    ],
    commentOf(item, ""),
  );
}

function writeRule(scene: Scene, item: ExportItem, pattern: string, language: string): void {
  const type = TYPE_OF_LANGUAGE.get(language);
  const name = textOf(item.object.name);
  const toIds = scene.mayBeActedUpon(item);
  if (type === undefined) return;
  if (type !== "yara" || name === undefined) write(scene, item, { type, value: pattern, toIds });
  else
    addObject(scene, item, "yara", [
      { relation: "yara", value: pattern, part: "rule", toIds },
      { relation: "yara-rule-name", value: name, part: "name" },
    ]);
}

function write(scene: Scene, item: ExportItem, said: { type: string; value: string; toIds: boolean }): void {
  const attribute: MispAttribute = newAttribute(scene, item, {
    ...said,
    comment: commentOf(item, said.value),
    firstSeen: textOf(item.object.valid_from),
  });
  putAttribute(scene, item, attribute);
}

/** A name that says more than the value does stands before the description. */
function commentOf({ object }: ExportItem, value: string): string {
  const [name, description] = [textOf(object.name), textOf(object.description)];
  const says = name !== undefined && name.toLowerCase() !== value.toLowerCase() ? name : undefined;
  return [says, description].filter((part) => part !== undefined).join("\n");
}

/** A property of an observable that MISP has a type of attribute for (property-types.ts). */
function propertyLookedFor(pattern: string): { type: string; value: string } | undefined {
  const tests = plainTests(pattern) ?? accountTests(pattern);
  const value = tests?.at(-1)?.value;
  if (value === undefined) return undefined;
  if (patternFor("filename", value) === pattern) return { type: "filename", value };
  const found = Object.entries(PROPERTY_TYPES).find(([, mapping]) => patternOf(mapping, value) === pattern);
  return found === undefined ? undefined : { type: found[0], value };
}

/** Of accounts the service stands in the pattern, too. */
function accountTests(pattern: string): { value: string }[] | undefined {
  const second = /^\[user-account:account_type = '[^'\\]*' AND (user-account:.*)\]$/s.exec(pattern)?.[1];
  return second === undefined ? undefined : plainTests(`[${second}]`);
}
