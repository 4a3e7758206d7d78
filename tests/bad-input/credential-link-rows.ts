import { type Answer, caller } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import type { Row, Stage } from "./row.ts";

const REMOVED = "UPDATE core.organisation SET status = 'removed' WHERE code = $1";

async function makeAgency({ officer }: Stage, code: string): Promise<void> {
  const made = await officer.post("/v1/agencies", { code, name: "a row's own", sector: "energy" });
  if (made.status !== 201) throw new Error(made.text);
}

/** A new person of SG or of an agency of it, and a link that nobody used. */
async function makeLink({ officer }: Stage, organisation = "SG"): Promise<{ id: string; token: string }> {
  const person = { organisation, title: "a row's own", roles: ["analyst"] };
  const { body } = await officer.post("/v1/people", person);
  const link = await officer.post(`/v1/people/${body.id}/sign-in-link`);
  if (link.status !== 201) throw new Error(link.text);
  return { id: body.id, token: link.body.token };
}

/** What only time, or nothing, does: changes one row behind the platform's back. */
export async function change({ platform }: Stage, statement: string, id: string): Promise<void> {
  const db = await connectAs(platform.dataDir, "suar_core");
  const { rowCount } = await db.query(statement, [id]);
  await db.end();
  if (rowCount !== 1) throw new Error(`${rowCount} rows changed`);
}

/** Asks in the middle of a removal, which is done a moment later. */
async function whileRemoving({ platform }: Stage, code: string, ask: () => Promise<Answer>): Promise<Answer> {
  const db = await connectAs(platform.dataDir, "suar_core");
  await db.query("BEGIN");
  await db.query(REMOVED, [code]);
  const asked = ask();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await db.query("COMMIT");
  await db.end();
  return await asked;
}

/** Links, restored members and keys that wait: what was taken away is not given back by a way round. */
export const LINK_ROWS: readonly Row[] = [
  {
    it: "a sign-in link of a removed person",
    code: "unauthenticated",
    ask: async (stage) => {
      const { id, token } = await makeLink(stage);
      await stage.officer.send("DELETE", `/v1/people/${id}`);
      return await stage.nobody.post("/v1/sign-in", { token });
    },
  },
  {
    it: "a sign-in link that was void before its person came back",
    code: "unauthenticated",
    ask: async (stage) => {
      const { id, token } = await makeLink(stage);
      await stage.officer.send("DELETE", `/v1/people/${id}`);
      await change(stage, "UPDATE core.person SET status = 'active' WHERE id = $1", id);
      return await stage.nobody.post("/v1/sign-in", { token });
    },
  },
  {
    it: "a sign-in link into a removed organisation, of a person who is none",
    code: "unauthenticated",
    ask: async (stage) => {
      await makeAgency(stage, "no-entry");
      const { token } = await makeLink(stage, "SG:no-entry");
      await change(stage, REMOVED, "SG:no-entry");
      return await stage.nobody.post("/v1/sign-in", { token });
    },
  },
  {
    it: "a sign-in while its organisation is being removed",
    code: "unauthenticated",
    ask: async (stage) => {
      await makeAgency(stage, "going");
      const { token } = await makeLink(stage, "SG:going");
      return await whileRemoving(
        stage,
        "SG:going",
        async () => await stage.nobody.post("/v1/sign-in", { token }),
      );
    },
  },
  {
    it: "a key for an organisation that is being removed",
    code: "unknown-member",
    ask: async (stage) => {
      await makeAgency(stage, "going-too");
      const key = { organisation: "SG:going-too", roles: ["analyst"], label: "a row's own" };
      return await whileRemoving(
        stage,
        "SG:going-too",
        async () => await stage.officer.post("/v1/keys", key),
      );
    },
  },
  {
    it: "the operator who restores a member that is there",
    code: "conflict",
    ask: async ({ operator }) => await operator.post("/v1/members/MY/restore"),
  },
  {
    it: "the operator who restores a member that there is none of",
    code: "not-found",
    ask: async ({ operator }) => await operator.post("/v1/members/XX/restore"),
  },
  {
    it: "an officer who confirms a key that does not wait",
    code: "not-found",
    ask: async (stage) => {
      const { body } = await stage.officer.post("/v1/keys", { roles: ["analyst"], label: "a row's own" });
      const other = caller(stage.platform.url, stage.platform.key("MY", "officer"));
      return await other.post(`/v1/keys/${body.id}/confirm`);
    },
  },
];
