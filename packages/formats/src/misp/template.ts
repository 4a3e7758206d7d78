import type { ObservableKind } from "@suar/stix";

/** How the text of an attribute becomes the value of a property. */
export type Conversion =
  | "text"
  | "integer"
  | "number"
  | "flag"
  | "time"
  | "digest"
  /** One of several that make up one text, in the table's order, with a space between. */
  | "word"
  /** A line `relation: value` of a longer text. */
  | "line"
  /** A paragraph of a longer text. */
  | "paragraph"
  | "link"
  | "capec"
  | "country";

/** Where one attribute of a MISP object goes. */
export type Field =
  | { becomes: "property"; path: readonly string[]; as: Conversion; among?: Readonly<Record<string, string>> }
  /** An observable of its own, to which the property refers. */
  | { becomes: "reference"; path: readonly string[]; type: string; property: string; kinds?: Kinds }
  /** A property of an object of the same type, to which `through` refers. */
  | { becomes: "relative"; through: string; path: readonly string[]; as: Conversion };

type Kinds = readonly ObservableKind[];

/** One object of MISP by its template's name, and the STIX object that says the same. */
export type Template = {
  type: string;
  fixed?: Readonly<Record<string, unknown>>;
  /** Without one of these properties it is no such object, and its attributes stand for themselves. */
  needs: readonly string[];
  fields: Readonly<Record<string, Field>>;
};

/** `path` is dotted; `[]` at its end adds to a list, a number is a place in one. */
export function to(path: string, as: Conversion = "text"): Field {
  return { becomes: "property", path: path.split("."), as };
}

export function refer(path: string, type: string, property: string, kinds?: Kinds): Field {
  return { becomes: "reference", path: path.split("."), type, property, ...(kinds && { kinds }) };
}

export function relative(through: string, path: string, as: Conversion = "text"): Field {
  return { becomes: "relative", through, path: path.split("."), as };
}

/** Of a closed vocabulary: what is none of its words is lost. Some of MISP's words are written otherwise in STIX. */
export function among(path: string, words: string, renamed: Readonly<Record<string, string>> = {}): Field {
  const same = Object.fromEntries(words.split(" ").map((word) => [word.toLowerCase(), word]));
  return { becomes: "property", path: path.split("."), as: "text", among: { ...same, ...renamed } };
}
