import {
  AppError,
  exportFeedFile,
  exportLog,
  Filter,
  openExportLink,
  openLinkedFeedFile,
} from "@suar/contract";
import { type FeedFile, feedFileOf } from "@suar/formats";
import { authenticate, handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Exporting, type Order, sendExport } from "../export/send-export.ts";
import { filterOfQuery } from "../filter-of-query.ts";
import { noteUse, selectExportLink } from "../store/export-link.ts";

const ENDED = new Set(["unauthenticated", "key-expired", "key-revoked", "key-waits"]);

/** Exports: to whoever shows a key, and under addresses that hold one. */
export function registerExports(app: FastifyInstance, platform: Platform): void {
  const { authenticator } = platform;
  const exporting = new Exporting();
  handle(app, authenticator, exportLog, async ({ principal, params, query, request, reply }) => {
    const order = {
      caller: requireOrganisation(principal),
      format: params.format,
      filter: filterOfQuery(query),
      stillAllowed: async () => await authenticate(authenticator, exportLog, request),
    };
    return await sendExport(platform, exporting, { request, reply }, order);
  });

  handle(app, authenticator, exportFeedFile, async ({ principal, params, request, reply }) => {
    const order = {
      caller: requireOrganisation(principal),
      format: "misp" as const,
      filter: {},
      file: fileNamed(params.file),
      stillAllowed: async () => await authenticate(authenticator, exportFeedFile, request),
    };
    return await sendExport(platform, exporting, { request, reply }, order);
  });

  handle(app, authenticator, openExportLink, async ({ params, request, reply }) => {
    const order = await orderOfLink(platform, params.key, request);
    return await sendExport(platform, exporting, { request, reply }, order);
  });

  handle(app, authenticator, openLinkedFeedFile, async ({ params, request, reply }) => {
    const file = fileNamed(params.file);
    const order = await orderOfLink(platform, params.key, request);
    if (order.format !== "misp") throw new AppError("not-found");
    return await sendExport(platform, exporting, { request, reply }, { ...order, file });
  });
}

function fileNamed(name: string): FeedFile {
  const file = feedFileOf(name);
  if (file === undefined) throw new AppError("not-found");
  return file;
}

/** What a link was made for, as long as its key is good. */
async function orderOfLink(
  { authenticator, core }: Platform,
  key: string,
  request: FastifyRequest,
): Promise<Order> {
  const stillAllowed = async () => {
    const principal = await authenticator.principalOfLink(key, "export", request.ip).catch(asNotThere);
    return requireOrganisation(principal);
  };
  const caller = await stillAllowed();
  const link = await selectExportLink(core, caller.keyId, caller.organisation.id);
  if (link === undefined) throw new Error("a key for an export is no link's");
  await noteUse(core, link.id);
  return { caller, format: link.format, filter: Filter.parse(link.filter), stillAllowed };
}

/** A link that has ended is answered as one that never was. */
function asNotThere(error: unknown): never {
  if (error instanceof AppError && ENDED.has(error.code))
    throw new AppError("not-found", undefined, { cause: error });
  throw error;
}
