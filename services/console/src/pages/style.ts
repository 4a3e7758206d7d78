/** One small sheet; system fonts, nothing fetched from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --accent: #9a3b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --accent: #ffb077; } }
body { margin: 0; font: 1rem/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { display: flex; gap: 2rem; padding: .8rem 1.2rem; border-bottom: 1px solid var(--line); font-weight: 600; }
nav { display: flex; gap: 1rem; font-weight: 400; }
main { max-width: 60rem; margin: 0 auto; padding: 1.2rem; }
a { color: var(--accent); }
pre, code { font: .9rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); border-radius: .4rem; }
details { border-top: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 600; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 1rem; }
.state { font-weight: 600; }
.scroll { overflow-x: auto; }
.matrix td, .matrix th { padding: .1rem .5rem; text-align: center; }
.rule { border-top: 1px solid var(--line); padding: .4rem 0; break-inside: avoid; }
.rule h3 { margin: .3rem 0; font-size: 1rem; } .rule p { margin: .2rem 0; }
.unverified { border: 1px solid var(--accent); border-radius: .3rem; padding: 0 .4rem; color: var(--accent); }
@media print { header, .skip { display: none; } main { max-width: none; } a { color: inherit; } }
`;
