import type pg from "pg";

/**
 * COPY over the wire, in both directions: the forty lines of pg-copy-streams that are needed here. Rows stay in
 * PostgreSQL's text form from one COPY to the next, so that nothing but the server's work is measured.
 */
type Wire = { query(sql: string): void; sendCopyFromChunk(chunk: Buffer): void; endCopyFrom(): void };

const CHUNK = 64 * 1024;

/** `COPY … TO STDOUT`: all rows. */
export async function copyOut(client: pg.Client, sql: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await run(client, sql, { handleCopyData: ({ chunk }) => chunks.push(Buffer.from(chunk)) });
  return Buffer.concat(chunks);
}

/** `COPY … FROM STDIN`: resolves when the server has committed. */
export async function copyIn(client: pg.Client, sql: string, rows: Buffer): Promise<void> {
  await run(client, sql, {
    handleCopyInResponse: (wire) => {
      for (let at = 0; at < rows.length; at += CHUNK) wire.sendCopyFromChunk(rows.subarray(at, at + CHUNK));
      wire.endCopyFrom();
    },
  });
}

type Handlers = {
  handleCopyData?(message: { chunk: Buffer }): void;
  handleCopyInResponse?(wire: Wire): void;
};

/** What pg expects of a query that speaks the protocol itself. */
async function run(client: pg.Client, sql: string, handlers: Handlers): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const ignore = (): void => undefined;
    let failure: Error | undefined;
    const query = {
      submit: (wire: Wire) => wire.query(sql),
      handleCopyData: ignore,
      handleCopyInResponse: ignore,
      ...handlers,
      handleRowDescription: ignore,
      handleDataRow: ignore,
      handleCommandComplete: ignore,
      handleEmptyQuery: ignore,
      handlePortalSuspended: ignore,
      handleError: (error: Error) => {
        failure = error;
        reject(error);
      },
      handleReadyForQuery: () => {
        if (failure === undefined) resolve();
      },
    };
    client.query(query as unknown as pg.Submittable);
  });
}
