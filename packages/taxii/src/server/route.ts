/** What a path is about. `collection` is an id or an alias. */
export type Route =
  | { kind: "discovery" }
  | { kind: "root"; root: string }
  | { kind: "status"; root: string; id: string }
  | { kind: "collections"; root: string }
  | { kind: "collection" | "manifest" | "objects"; root: string; collection: string }
  | { kind: "object" | "versions"; root: string; collection: string; id: string };

const DISCOVERY_PATH = "/taxii2/";

/** Reads a path that ends with a slash, as all of TAXII's do (§3.2); undefined for what is none of its resources. */
export function routeOf(path: string, roots: readonly string[]): Route | undefined {
  if (path === DISCOVERY_PATH) return { kind: "discovery" };
  const root = roots.find((one) => path.startsWith(one));
  if (root === undefined || !path.endsWith("/")) return undefined;
  if (path === root) return { kind: "root", root };
  const [first, second, third, fourth, fifth, ...others] = path.slice(root.length, -1).split("/");
  if (others.length > 0 || second === "" || third === "" || fourth === "") return undefined;
  if (first === "status" && second !== undefined && third === undefined)
    return { kind: "status", root, id: second };
  if (first !== "collections") return undefined;
  if (second === undefined) return { kind: "collections", root };
  const place = { root, collection: second };
  if (third === undefined) return { kind: "collection", ...place };
  if (third === "manifest") return fourth === undefined ? { kind: "manifest", ...place } : undefined;
  if (third !== "objects") return undefined;
  if (fourth === undefined) return { kind: "objects", ...place };
  if (fifth === undefined) return { kind: "object", ...place, id: fourth };
  return fifth === "versions" ? { kind: "versions", ...place, id: fourth } : undefined;
}

/** Every kind of address that there is, and what it takes. */
export const TAXII_METHODS: Readonly<Record<Route["kind"], readonly string[]>> = {
  discovery: ["GET"],
  root: ["GET"],
  status: ["GET"],
  collections: ["GET"],
  collection: ["GET"],
  manifest: ["GET"],
  objects: ["GET", "POST"],
  object: ["GET", "DELETE"],
  versions: ["GET"],
};

export function methodsOf({ kind }: Route): readonly string[] {
  return TAXII_METHODS[kind];
}
