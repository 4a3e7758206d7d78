/** A scenario of MY and TH in which nothing happens: for what a drill is, not for what it plays. */
export const QUIET_DRILL = `drill: 1
id: 5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e7aa
title: { en: A quiet drill }
tlp: GREEN
duration: PT10M
clock: { speed: 1, min_human: PT1M }
objectives: { O1: nothing }
participants: { MY: MyCERT, TH: ThaiCERT }
injects:
  - id: i1
    at: PT5M
    to: [MY]
    from: { role: nobody, via: email }
    body: { en: Nothing happens. }
`;
