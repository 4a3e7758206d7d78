import type { WitnessPolicyFile } from "@suar/contract";
import type { EpochRow } from "@suar/log";
import { DEFAULT_QUORUM, WITNESS_POLICY_SCHEMA } from "@suar/merkle";

/** Whom to believe: the log's keys, each epoch's continuing the one before, and the witnesses' that members registered. */
export function witnessPolicy(
  epochs: readonly EpochRow[],
  witnesses: ReadonlyMap<string, string>,
): WitnessPolicyFile {
  const { threshold, required, atLeast } = DEFAULT_QUORUM;
  return {
    schema: WITNESS_POLICY_SCHEMA,
    logs: epochs.map(({ origin, vkey }, at) => {
      const before = epochs[at - 1];
      return { origin, keys: [vkey], ...(before !== undefined && { continues: before.origin }) };
    }),
    witnesses: Object.fromEntries([...witnesses].map(([member, vkey]) => [member, [vkey]])),
    threshold,
    required: [...required],
    atLeast: atLeast.map(({ members, count }) => ({ members: [...members], count })),
  };
}
