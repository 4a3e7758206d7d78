import { caller } from "../../support/api.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { party } from "../oracle.ts";
import { liveReaders, type Reader } from "../readers.ts";
import { OWNER, type Players } from "./owner.ts";

/** Whoever might ask for the owner's things: its own weaker roles, its agency, others, players, the operator, nobody. */
const ROLES = ["analyst", "subscriber", "officer", "coordinator"];
const ASKING = new Set([
  ...ROLES.flatMap((role) => [`${OWNER} ${role}`, `MY ${role}`]),
  `${OWNER}:example-power analyst`,
  `${OWNER}:example-power officer`,
  "MY:example-port officer",
  "the operator",
  "nobody",
]);

export async function strangersTo(platform: PlatformProcess, players: Players): Promise<Reader[]> {
  const live = (await liveReaders(platform)).filter(({ name }) => ASKING.has(name));
  if (live.length < ASKING.size) throw new Error("one of the strangers is not there");
  const ofDrill = Object.entries(players).flatMap(([code, keys]) =>
    (["analyst", "subscriber"] as const).map((role): Reader => {
      const key = keys[role];
      const name = `the drill's ${code} ${role}`;
      return { name, realm: "drill", party: party(code), role, key, api: caller(platform.url, key) };
    }),
  );
  return [...live, ...ofDrill, await revoked(platform)];
}

/** Of the owner's, and good for nothing any more. */
async function revoked(platform: PlatformProcess): Promise<Reader> {
  const officer = caller(platform.url, platform.key(OWNER, "officer"));
  const { body } = await officer.post("/v1/keys", { roles: ["officer"], label: "to be revoked" });
  await officer.send("DELETE", `/v1/keys/${body.id}`);
  const api = caller(platform.url, body.key);
  const name = `a revoked key of ${OWNER}`;
  return { name, realm: undefined, party: undefined, role: undefined, key: body.key, api };
}
