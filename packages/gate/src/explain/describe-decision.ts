import type {
  KeptDecision,
  ToldBasis,
  ToldDecision,
  ToldGuideEntry,
  ToldReason,
  ToldTreatment,
} from "@suar/contract";
import {
  BasisUse,
  type ComparativeGuide,
  citesOf,
  citeText,
  type PolicySet,
  type Reason,
  readableReason,
} from "@suar/policy";
import { seedGuide } from "@suar/runtime";
import type { ReceivedDecision } from "./explain-entry.ts";
import type { KeptOutcome } from "./explain-line.ts";
import type { ToldOutcome } from "./tell-outcome.ts";

const MOST_REDACTIONS = 100;
const MOST_PATHS = 20;

let shipped: ComparativeGuide | undefined;

/** Where a rule is to be read by people. */
export function pageOfPolicy(pair: string): string {
  return `/policies/${pair}`;
}

/** Puts decisions into the words of the contract, and knows which entries of the guide they name. */
export class DecisionText {
  readonly #policies: PolicySet;
  readonly #guide: ComparativeGuide;
  readonly #named = new Set<string>();

  constructor(policies: PolicySet) {
    shipped ??= seedGuide();
    this.#policies = policies;
    this.#guide = shipped;
  }

  now({ outcome, names, isEmptied }: ToldOutcome): ToldDecision {
    const { reasons, approvers, fourEyes, deadlineHours, pii, bases } = outcome;
    const treatment = treatmentOf({
      ...outcome,
      bases: [...bases],
      pii: Object.fromEntries(pii.map((count) => [count.class, count.individuals])),
    });
    return {
      ...treatment,
      ...(isEmptied && { decision: "withhold" }),
      reasons: [...this.#reasons(reasons), ...(isEmptied ? [NOTHING_LEFT] : [])],
      approvers: [...approvers],
      fourEyes,
      deadlineHours,
      names: names.slice(0, MOST_REDACTIONS),
    };
  }

  kept(kept: KeptOutcome): KeptDecision {
    const { approved } = kept;
    return {
      ...received(kept),
      reasons: this.#reasons(kept.reasons),
      approved:
        approved === undefined
          ? null
          : { ...approved, rules: [...approved.rules], roles: [...approved.roles] },
    };
  }

  /** The entries that were named so far, in the guide's order. */
  get entries(): ToldGuideEntry[] {
    const { entries, texts } = this.#guide;
    return entries
      .filter(({ id }) => this.#named.has(id))
      .map((entry) => {
        const { id, subject, difference, resulting, verified } = entry;
        const source = citesOf(entry)
          .map((cite) => citeText(cite, texts))
          .join("; ");
        return { id, subject, difference, resulting, source, verified };
      });
  }

  #reasons(reasons: readonly Reason[]): ToldReason[] {
    return reasons.map((reason) => {
      const { code, rule, source, file, policy, entries, paths } = readableReason(
        reason,
        this.#policies,
        this.#guide,
      );
      for (const id of entries) this.#named.add(id);
      return {
        ...{ code, rule, source, file },
        policy: policy && { ...policy, page: pageOfPolicy(policy.pair) },
        guide: [...entries],
        paths: paths.slice(0, MOST_PATHS),
      };
    });
  }
}

/** Policy lets a recipient have it, and STIX has no object that says so little. */
const NOTHING_LEFT: ToldReason = {
  code: "nothing-left",
  rule: "copy",
  source: "STIX 2.1: an object that may not name what it is about says nothing",
  file: "packages/gate/src/copies/make-copy.ts",
  policy: null,
  guide: [],
  paths: [],
};

/** What was kept with an entry, without its reasons. */
export function received(kept: ReceivedDecision): ToldTreatment {
  return treatmentOf({ ...kept, bases: kept.bases.map(basisOf) });
}

type Treated = {
  decision: ToldTreatment["decision"];
  redactions: readonly { path: string; op: string; class: string }[];
  obligations: readonly string[];
  bases: ToldBasis[];
  pii: Readonly<Record<string, number>>;
  policyHash: string;
};

function treatmentOf({ decision, redactions, obligations, bases, pii, policyHash }: Treated): ToldTreatment {
  return {
    decision,
    redactions: redactions
      .slice(0, MOST_REDACTIONS)
      .map(({ path, op, class: kind }) => ({ path, op, class: kind })) as ToldTreatment["redactions"],
    redactionsInAll: redactions.length,
    obligations: [...obligations] as ToldTreatment["obligations"],
    bases,
    pii: { ...pii },
    policyHash,
  };
}

/** As `decidedOf` writes them: "CN>SG@1 id kind status". */
function basisOf(text: string): ToldBasis {
  const [border = "", id, kind, status] = text.split(" ");
  const [pair, version] = border.split("@");
  return BasisUse.parse({ pair, version: Number(version), id, kind, status });
}
