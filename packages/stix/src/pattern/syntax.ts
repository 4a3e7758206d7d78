/** A constant of a pattern (§9.2). Integers and floats keep their text: 64 bits do not fit a number. */
export type Constant =
  | { kind: "string" | "hex" | "binary" | "timestamp" | "integer" | "float"; value: string }
  | { kind: "boolean"; value: boolean };

/** A step of an object path (§9.7): a property, an index of a list, or any index. */
export type Step = { kind: "property"; name: string } | { kind: "index"; index: number } | { kind: "any" };

export type ObjectPath = { type: string; steps: Step[] };

export type ComparisonOperator =
  | "="
  | "!="
  | ">"
  | "<"
  | ">="
  | "<="
  | "IN"
  | "LIKE"
  | "MATCHES"
  | "ISSUBSET"
  | "ISSUPERSET";

/** What stands between brackets (§9.6). `values` holds one constant, but for IN. */
export type Comparison =
  | { kind: "test"; path: ObjectPath; not: boolean; operator: ComparisonOperator; values: Constant[] }
  | { kind: "exists"; path: ObjectPath; not: boolean }
  | { kind: "and" | "or"; operands: Comparison[] };

/** §9.5.1 */
export type Qualifier =
  | { kind: "within"; seconds: number }
  | { kind: "repeats"; times: number }
  | { kind: "start-stop"; start: string; stop: string };

/** §9.5 */
export type Observation =
  | { kind: "observe"; comparison: Comparison }
  | { kind: "and" | "or" | "followed-by"; operands: Observation[] }
  | { kind: "qualified"; observation: Observation; qualifier: Qualifier };
