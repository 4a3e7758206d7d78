import type { Sent } from "../swaps/swap.ts";

export const AS_IT_IS = "as it is";

/** Ways to ask for a thing wrongly, each of which is refused at another step of the road: the words differ with it. */
export const SPOILT: Record<string, (sent: Sent, id: string) => Sent> = {
  [AS_IT_IS]: (sent) => sent,
  "with a parameter that there is not": (sent, id) =>
    changed(sent, { path: asking(sent.path, `x${id}=${id}`) }),
  "after it": (sent, id) => changed(sent, { path: asking(sent.path, `after=${encodeURIComponent(id)}`) }),
  "after it in an epoch that there is not": (sent) =>
    changed(sent, { path: asking(sent.path, "after=00000000.1") }),
  "with a limit of it": (sent, id) =>
    changed(sent, { path: asking(sent.path, `limit=${encodeURIComponent(id)}`) }),
  "with a filter of it": (sent, id) =>
    changed(sent, { path: asking(sent.path, `tlp=${encodeURIComponent(id)}`) }),
  "by another method": (sent) =>
    changed(sent, { method: sent.method === "GET" ? "POST" : "PROPFIND", body: undefined }),
  "with a body that breaks off": (sent, id) => body(sent, `{"${id}":`),
  "with a list for a body": (sent, id) => body(sent, JSON.stringify([id])),
  "with a body of it alone": (sent, id) => body(sent, JSON.stringify({ [id]: id })),
  "with a body that is too deep": (sent, id) => body(sent, `${"[".repeat(200)}"${id}"${"]".repeat(200)}`),
  "with a key that is forbidden": (sent, id) => body(sent, `{"__proto__":{"id":"${id}"}}`),
  "with an organisation that there is not": (sent, id) =>
    body(
      sent,
      JSON.stringify({
        organisation: "XX",
        to: ["XX"],
        title: id,
        body: id,
        tlp: "green",
        label: id,
        roles: ["analyst"],
      }),
    ),
  "with an address inside": (sent, id) =>
    body(sent, JSON.stringify({ url: "http://169.254.169.254/", description: id })),
  "as a form": (sent, id) => body(sent, `id=${id}`, { "content-type": "application/x-www-form-urlencoded" }),
  compressed: (sent) => body(sent, "{}", { "content-encoding": "gzip" }),
  "as something that nobody offers": (sent) =>
    changed(sent, { headers: { ...sent.headers, accept: "image/png" } }),
  "with a key of repeats that is none": (sent) =>
    changed(sent, { headers: { ...sent.headers, "idempotency-key": "ä b" } }),
};

function changed(sent: Sent, more: Partial<Record<keyof Sent, unknown>>): Sent {
  return { ...sent, ...more } as Sent;
}

function asking(path: string, query: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}

/** A call without a body stays as it is. */
/** A call without a body stays as it is. */
function body(sent: Sent, text: string, headers: Record<string, string> = {}): Sent {
  if (sent.method === "GET") return sent;
  return {
    ...sent,
    body: text,
    headers: { ...sent.headers, "content-type": "application/json", ...headers },
  };
}
