/**
 * The pen, reading by pull, and proofs of it: log, objects, search, tiles, checkpoints, receipts. It writes the log
 * (through packages/log), what witnesses say of it (cosignature), what readers acknowledge, and, through the gate, what
 * originators take back or mark otherwise.
 */
export { exchangeService } from "./app.ts";
export { checkpointDirectory, ExchangeConfig } from "./config.ts";
