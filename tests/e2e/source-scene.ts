import { afterEach, beforeEach } from "vitest";
import { type Caller, until, waitForSubmission } from "../support/api.ts";
import { type FileServer, startFileServer } from "../support/file-server.ts";
import { startTaxiiServer, type TaxiiServer } from "../support/taxii-server.ts";

/** A TAXII server for each case, and what members do with sources that pull it; to be called within a `describe`. */
export function sourceScene() {
  return sceneOf<TaxiiServer>(startTaxiiServer);
}

/** The same of a server of files. */
export function fileScene() {
  return sceneOf<FileServer>(startFileServer);
}

function sceneOf<Server extends { url: string; close(): Promise<void> }>(start: () => Promise<Server>) {
  let server: Server;
  const made: { owner: Caller; id: string }[] = [];
  beforeEach(async () => {
    server = await start();
  });
  afterEach(async () => {
    for (const { owner, id } of made.splice(0)) await owner.send("DELETE", `/v1/sources/${id}`);
    await server.close();
  });

  const create = async (owner: Caller, more: object = {}): Promise<any> => {
    const { status, body, text } = await owner.post("/v1/sources", { url: server.url, ...more });
    if (status !== 201) throw new Error(text);
    made.push({ owner, id: body.id });
    return body;
  };
  const shown = async (owner: Caller, id: string): Promise<any> =>
    (await owner.get(`/v1/sources/${id}`)).body;
  const when = async (owner: Caller, id: string, what: string, is: (source: any) => boolean): Promise<any> =>
    await until(40_000, what, async () => {
      const source = await shown(owner, id);
      return is(source) ? source : undefined;
    });
  const pulled = async (owner: Caller, id: string, objects: number): Promise<any> =>
    await when(
      owner,
      id,
      `${objects} pulled objects`,
      (one) => one.objects >= objects && one.lastSuccessAt !== null,
    );
  /** Pulls it now, and waits until it did. */
  const pullAgain = async (owner: Caller, id: string): Promise<any> => {
    const before = await shown(owner, id);
    await owner.post(`/v1/sources/${id}/pull`);
    return await when(
      owner,
      id,
      "another pull",
      ({ lastSuccessAt, problem }) =>
        lastSuccessAt !== before.lastSuccessAt || (problem?.at ?? "") > (before.problem?.at ?? ""),
    );
  };
  const outcomesOf = async (owner: Caller, { lastSubmission }: any): Promise<any[]> => {
    const { body } = await waitForSubmission(owner, lastSubmission);
    return body.records.map(({ outcome, code }: any) => code ?? outcome);
  };
  return {
    get server() {
      return server;
    },
    create,
    shown,
    when,
    pulled,
    pullAgain,
    outcomesOf,
  };
}
