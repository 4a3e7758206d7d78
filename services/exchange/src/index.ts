/**
 * The pen, reading by pull, and proofs of it: log, objects, search, tiles, checkpoints, receipts. It writes the log
 * (through packages/log) and what witnesses say of it (cosignature), and nothing else.
 */
export { exchangeService } from "./app.ts";
export { checkpointDirectory, ExchangeConfig } from "./config.ts";
