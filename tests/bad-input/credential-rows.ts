import { caller, until } from "../support/api.ts";
import { QUIET_DRILL } from "../support/quiet-drill.ts";
import { rawRequest, UPGRADE } from "../support/raw-request.ts";
import { change, LINK_ROWS } from "./credential-link-rows.ts";
import type { Row, Stage } from "./row.ts";

const withKey =
  (key: string): Row["ask"] =>
  async ({ platform }) =>
    await caller(platform.url, key).get("/v1/whoami");
const withHeader = (authorization: string): Row["ask"] => {
  return async ({ nobody }) => await nobody.get("/v1/whoami", { authorization });
};

/** A new key of SG, and its id. */
async function issue({ officer }: Stage): Promise<{ id: string; key: string }> {
  const { body } = await officer.post("/v1/keys", { roles: ["analyst", "subscriber"], label: "a row's own" });
  return body;
}

/** Keys that do not fit: none, unknown, over, taken back, of another realm, or of another role. */
export const CREDENTIAL_ROWS: readonly Row[] = [
  ...LINK_ROWS,
  { it: "no key", code: "unauthenticated", ask: async ({ nobody }) => await nobody.get("/v1/whoami") },
  {
    it: "no key on the stream",
    code: "unauthenticated",
    ask: async ({ nobody }) => await nobody.get("/v1/live"),
  },
  { it: "an empty key", code: "unauthenticated", ask: withHeader("Bearer ") },
  { it: "a key of another scheme", code: "unauthenticated", ask: withHeader("Basic c3VhcjpzdWFy") },
  { it: "a key that is none", code: "unauthenticated", ask: withKey("opensesame") },
  { it: "a key of 8,000 characters", code: "unauthenticated", ask: withKey("k".repeat(8_000)) },
  {
    it: "a key of the right form that nobody issued",
    code: "unauthenticated",
    ask: withKey(`suar_${"0".repeat(12)}_${"A".repeat(43)}`),
  },
  {
    it: "a known key's id with another secret",
    code: "unauthenticated",
    ask: async ({ platform }) => {
      const [prefix, id] = platform.key("SG").split("_");
      return await caller(platform.url, `${prefix}_${id}_${"A".repeat(43)}`).get("/v1/whoami");
    },
  },
  {
    it: "a key as a query parameter",
    code: "unauthenticated",
    ask: async ({ nobody, platform }) => await nobody.get(`/v1/whoami?key=${platform.key("SG")}`),
  },
  {
    it: "a key that has expired",
    code: "key-expired",
    ask: async (stage) => {
      const { id, key } = await issue(stage);
      const expired = "UPDATE core.machine_key SET expires_at = now() - interval '1 second' WHERE id = $1";
      await change(stage, expired, id);
      return await caller(stage.platform.url, key).get("/v1/whoami");
    },
  },
  {
    it: "a key that was revoked, used a moment before, within five seconds",
    code: "key-revoked",
    ask: async (stage) => {
      const { id, key } = await issue(stage);
      const holder = caller(stage.platform.url, key);
      await holder.get("/v1/whoami");
      await stage.officer.send("DELETE", `/v1/keys/${id}`);
      // Every process forgets the key by a hint, or by itself after a moment.
      return await until(5_000, "the revocation", async () => {
        const answer = await holder.get("/v1/whoami");
        return answer.status === 200 ? undefined : answer;
      });
    },
  },
  {
    it: "a key of a removed agency",
    code: "key-revoked",
    ask: async ({ officer, platform }) => {
      await officer.post("/v1/agencies", { code: "short-lived", name: "Short-lived", sector: "energy" });
      const { body } = await officer.post("/v1/keys", {
        organisation: "SG:short-lived",
        roles: ["analyst"],
        label: "x",
      });
      await officer.send("DELETE", "/v1/agencies/SG:short-lived");
      return await caller(platform.url, body.key).get("/v1/whoami");
    },
  },
  {
    it: "a key of a realm that was archived",
    code: "key-revoked",
    ask: async (stage) => {
      const { id, key } = await makeDrill(stage);
      await stage.coordinator.post(`/v1/drills/${id}/end`);
      await stage.coordinator.post(`/v1/drills/${id}/archive`);
      return await caller(stage.platform.url, key).get("/v1/whoami");
    },
  },
  {
    it: "a drill's key for what is in the live realm",
    code: "not-found",
    ask: async (stage) => {
      const { body } = await stage.analyst.raw("/v1/submissions?tlp=green", "value\nlive.example.com\n", {
        "content-type": "text/csv",
      });
      const { id, key } = await makeDrill(stage);
      const answer = await caller(stage.platform.url, key).get(`/v1/submissions/${body.id}`);
      await stage.coordinator.post(`/v1/drills/${id}/end`);
      await stage.coordinator.post(`/v1/drills/${id}/archive`);
      return answer;
    },
  },
  {
    it: "a subscriber who submits",
    code: "forbidden",
    ask: async ({ subscriber }) =>
      await subscriber.raw("/v1/submissions?tlp=green", "value\nx.example.com\n", {
        "content-type": "text/csv",
      }),
  },
  {
    it: "a subscriber who drafts an advisory",
    code: "forbidden",
    ask: async ({ subscriber }) =>
      await subscriber.post("/v1/advisories", { title: "t", body: "b", tlp: "green" }),
  },
  {
    it: "an analyst who issues a key",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.post("/v1/keys", { roles: ["analyst"], label: "x" }),
  },
  {
    it: "an analyst who makes a drill",
    code: "forbidden",
    ask: async ({ analyst }) => await analyst.post("/v1/drills", { scenario: "drill: 1" }),
  },
  {
    it: "an officer who removes a member",
    code: "forbidden",
    ask: async ({ officer }) => await officer.send("DELETE", "/v1/members/MY"),
  },
  {
    it: "the operator who reads the log",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/log"),
  },
  {
    it: "the operator who reads the stream",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/live"),
  },
  {
    it: "the operator who searches",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/search?q=example"),
  },
  {
    it: "the operator who submits",
    code: "forbidden",
    ask: async ({ operator }) =>
      await operator.raw("/v1/submissions?tlp=green", "value\nx.example.com\n", {
        "content-type": "text/csv",
      }),
  },

  // Tickets: for WebSocket clients that cannot set headers.
  {
    it: "a ticket that nobody issued",
    code: "unauthenticated",
    ask: async ({ platform }) => await upgrade(platform.url, "made-up"),
  },
  {
    it: "an empty ticket",
    code: "unauthenticated",
    ask: async ({ platform }) => await upgrade(platform.url, ""),
  },
  {
    it: "a ticket used twice",
    code: "unauthenticated",
    ask: async ({ analyst, platform }) => {
      const { body } = await analyst.post("/v1/live/ticket");
      const first = await upgrade(platform.url, body.ticket);
      if (first.status !== 101) throw new Error(`the ticket was not good once: ${first.text}`);
      return await upgrade(platform.url, body.ticket);
    },
  },
  {
    it: "a ticket whose key was revoked meanwhile",
    code: "unauthenticated",
    ask: async (stage) => {
      const { id, key } = await issue(stage);
      const { body } = await caller(stage.platform.url, key).post("/v1/live/ticket");
      await stage.officer.send("DELETE", `/v1/keys/${id}`);
      return await upgrade(stage.platform.url, body.ticket);
    },
  },
  {
    it: "a handshake without a key",
    code: "unauthenticated",
    ask: async ({ platform }) => await rawRequest(platform.url, { path: "/v1/live", headers: UPGRADE }),
  },
  {
    it: "a handshake of the operator",
    code: "forbidden",
    ask: async ({ platform }) =>
      await rawRequest(platform.url, {
        path: "/v1/live",
        headers: { ...UPGRADE, authorization: `Bearer ${platform.operator}` },
      }),
  },

  // The stream by SSE.
  {
    it: "an event stream after what is no cursor",
    code: "bad-cursor",
    ask: async ({ analyst }) => await analyst.get("/v1/live?after=x"),
  },
  {
    it: "an event stream of another epoch",
    code: "cursor-reset",
    ask: async ({ analyst }) => await analyst.get("/v1/live", { "last-event-id": "00000000.1" }),
  },
  {
    it: "an event stream with a filter that is none",
    code: "bad-filter",
    ask: async ({ analyst }) => await analyst.get("/v1/live?severity=dreadful"),
  },
  {
    it: "a stream in a form that there is none of",
    code: "not-acceptable",
    ask: async ({ analyst }) => await analyst.get("/v1/live", { accept: "image/png" }),
  },
];

async function upgrade(url: string, ticket: string): ReturnType<Row["ask"]> {
  return await rawRequest(url, { path: `/v1/live?ticket=${ticket}`, headers: UPGRADE });
}

/** A drill of MY and TH, and MY's analyst's key in it. */
async function makeDrill({ coordinator }: Stage): Promise<{ id: string; key: string }> {
  const { status, body, text } = await coordinator.post("/v1/drills", { scenario: QUIET_DRILL });
  if (status !== 201) throw new Error(text);
  return { id: body.id, key: body.keys.MY.analyst };
}
