import { formatVerifierKey, provePossession, SIGNATURE_TYPE, signerKey } from "@suar/merkle";
import { type Answer, submitAndWait, until, wholeLog } from "../support/api.ts";
import { connectAs } from "../support/embedded-postgres.ts";
import { get, send } from "./asking.ts";
import type { Row, Stage } from "./row.ts";

/** A witness's, of which the platform has never heard. */
const STRANGE = signerKey("witness.example", SIGNATURE_TYPE.cosignature);
const STRANGE_KEY = formatVerifierKey(STRANGE.verifier);
const NOTE = "suar/live-00000000\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— x AAAAAAAA\n";

const cosign =
  (checkpoint: unknown): Row["ask"] =>
  async ({ analyst }) =>
    await analyst.post("/v1/tlog/cosignatures", { checkpoint });
const register = (vkey: unknown): Row["ask"] => send("PUT", "/v1/witnesses/own", { vkey, proof: "AAAA" });

/** An entry as one of before has it: without what it commits to, which nobody can open. */
async function receiptOfBefore({ analyst, platform }: Stage): Promise<Answer> {
  await submitAndWait(analyst, "?tlp=amber%2Bstrict", "value\nno-receipt.example.com\n", "text/csv");
  const { seq } = await until(30_000, "its entry", async () => (await wholeLog(analyst)).at(-1));
  const admin = await connectAs(platform.dataDir, "postgres");
  await admin.query("UPDATE live.log SET commitment = NULL WHERE seq = $1", [seq]);
  await admin.end();
  return await until(30_000, "its checkpoint", async () => {
    const answer = await analyst.get(`/v1/tlog/receipts/${seq}`);
    return answer.body.code === "no-checkpoint-yet" ? undefined : answer;
  });
}

/** Proofs, and those who cosign them. */
export const TLOG_ROWS: readonly Row[] = [
  { it: "a checkpoint for nobody known", code: "bad-request", ask: get("/v1/tlog/checkpoint?for=me") },
  {
    it: "a checkpoint that is witnessed perhaps",
    code: "bad-request",
    ask: get("/v1/tlog/checkpoint?witnessed=1"),
  },
  {
    it: "a checkpoint that enough have cosigned, when nobody has",
    code: "no-checkpoint-yet",
    ask: get("/v1/tlog/checkpoint?witnessed=true"),
  },
  { it: "a tile of no level", code: "not-found", ask: get("/v1/tlog/tile/x/000") },
  { it: "a tile with its number unpadded", code: "not-found", ask: get("/v1/tlog/tile/0/1") },
  { it: "a tile of no hashes", code: "not-found", ask: get("/v1/tlog/tile/0/000.p/0") },
  { it: "a tile of 257 hashes", code: "not-found", ask: get("/v1/tlog/tile/0/000.p/257") },
  { it: "a tile beyond the log", code: "not-found", ask: get("/v1/tlog/tile/0/x123/x456/789") },
  { it: "a tile that climbs", code: "not-found", ask: get("/v1/tlog/tile/0/..%2F..%2F000") },
  {
    it: "a tile with a name of 100 characters",
    code: "bad-request",
    ask: get(`/v1/tlog/tile/0/${"0".repeat(100)}`),
  },
  { it: "consistency of nothing", code: "bad-request", ask: get("/v1/tlog/consistency") },
  { it: "consistency of negative logs", code: "bad-request", ask: get("/v1/tlog/consistency?from=-1&to=0") },
  {
    it: "consistency with a log beyond the head",
    code: "not-found",
    ask: get("/v1/tlog/consistency?from=0&to=999999999"),
  },
  { it: "consistency backwards", code: "not-found", ask: get("/v1/tlog/consistency?from=2&to=1") },
  {
    it: "consistency of numbers beyond 2^53",
    code: "bad-request",
    ask: get("/v1/tlog/consistency?from=0&to=99999999999999999999"),
  },
  { it: "the receipt of entry 0", code: "bad-request", ask: get("/v1/tlog/receipts/0") },
  { it: "the receipt of half an entry", code: "bad-request", ask: get("/v1/tlog/receipts/1.5") },
  { it: "the receipt of no entry", code: "not-found", ask: get("/v1/tlog/receipts/999999999") },
  {
    it: "the receipt of an entry that was logged before there were any",
    code: "no-receipt",
    ask: receiptOfBefore,
  },
  {
    it: "the operator's receipt",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/tlog/receipts/1"),
  },
  { it: "a cosignature of nothing", code: "bad-request", ask: cosign("") },
  { it: "a cosignature of a number", code: "bad-request", ask: cosign(7) },
  { it: "a cosigned text that is no note", code: "bad-cosignature", ask: cosign("cosigned") },
  { it: "a cosigned checkpoint that the log never signed", code: "unknown-checkpoint", ask: cosign(NOTE) },
  { it: "a cosigned note of 70,000 characters", code: "bad-request", ask: cosign("x".repeat(70_000)) },
  { it: "a witness's key that is none", code: "bad-request", ask: register("sg.witness.example") },
  {
    it: "a witness's key with another id",
    code: "bad-witness-key",
    ask: register(`w+00000000+BA${"A".repeat(41)}=`),
  },
  {
    it: "a witness's key of another type",
    code: "bad-witness-key",
    ask: register(`w+00000000+BQ${"A".repeat(41)}=`),
  },
  {
    it: "a witness's key with a space in its name",
    code: "bad-request",
    ask: register(`a b+00000000+BA${"A".repeat(41)}=`),
  },
  {
    it: "a witness that an analyst registers",
    code: "forbidden",
    ask: async ({ analyst }) =>
      await analyst.send("PUT", "/v1/witnesses/own", { vkey: "w+00000000+BAAAAAAA", proof: "AAAA" }),
  },
  {
    it: "a witness's key without its own word for the member",
    code: "bad-request",
    ask: send("PUT", "/v1/witnesses/own", { vkey: STRANGE_KEY }),
  },
  {
    it: "a witness's key that speaks for another member",
    code: "bad-witness-key",
    ask: send("PUT", "/v1/witnesses/own", {
      vkey: STRANGE_KEY,
      proof: provePossession(STRANGE, "ZZ", 1_770_000_000),
    }),
  },
  {
    it: "the end of a witness that there is none of",
    code: "not-found",
    ask: send("DELETE", "/v1/witnesses/own"),
  },
];
