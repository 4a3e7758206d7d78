/** Other ways to write an id into a path. */
export const SPELLINGS: Record<string, (id: string) => string> = {
  "in capitals": (id) => encodeURIComponent(id.toUpperCase()),
  "with every character encoded": (id) =>
    [...id].map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`).join(""),
  "in braces": (id) => encodeURIComponent(`{${id}}`),
  "as a URN": (id) => encodeURIComponent(`urn:uuid:${id}`),
  "without its dashes": (id) => encodeURIComponent(id.replaceAll("-", "")),
  "with a space behind it": (id) => `${encodeURIComponent(id)}%20`,
  "with a line's end behind it": (id) => `${encodeURIComponent(id)}%0A`,
  "with a NUL behind it": (id) => `${encodeURIComponent(id)}%00`,
  "with a slash in it": (id) => `%2F${encodeURIComponent(id)}`,
  "with a quote behind it": (id) => `${encodeURIComponent(id)}'--`,
  "with a semicolon behind it": (id) => `${encodeURIComponent(id)};x=1`,
};
