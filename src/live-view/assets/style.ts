/** The pages' style sheet: one column, system fonts, steps of 8 px, one accent; light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #faf9f5; --card: #ffffff; --ink: #1f1e1a; --soft: #5d5951; --line: #dfdbd0; --wash: #f1eee6;
  --accent: #17605b; --on-accent: #ffffff; --good: #23703f; --warn: #8a5106; --bad: #a52a2a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171613; --card: #1f1e1a; --ink: #ece9e1; --soft: #aba699; --line: #3a372f; --wash: #27251f;
    --accent: #7fcdc4; --on-accent: #0c2523; --good: #85d09b; --warn: #e8b866; --bad: #f2948a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 24px 24px 64px; max-width: 47rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3, h4, h5, h6, p, ol, ul, dl, dd, pre, blockquote { margin: 0; padding: 0; font: inherit; }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: 0.875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
abbr { text-decoration: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; justify-content: space-between; padding-bottom: 16px; border-bottom: 1px solid var(--line); }
.product { display: flex; gap: 8px; align-items: center; font-weight: 600; }
.logo { color: var(--accent); flex: none; }
.caption { color: var(--soft); font-size: 14px; }

.say { padding: 32px 0 24px; }
.say > * + * { margin-top: 8px; }
h1 { font-size: 25px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; text-wrap: balance; min-height: 1.3em; }
h1 strong { font-weight: 600; }
#region-detail > * + * { margin-top: 8px; }
#region-detail:empty { display: none; }
.support { color: var(--soft); font-size: 14px; }
.lost, .warning { padding: 8px 16px; border-left: 4px solid var(--warn); background: var(--wash); border-radius: 0 6px 6px 0; }
.say .warning { margin-top: 16px; }

.stages { list-style: none; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.stage { display: grid; grid-template-columns: 20px 5.5rem minmax(0, 1fr) auto; gap: 4px 16px; align-items: center; padding: 16px; min-height: 76px; }
.stage + .stage { border-top: 1px solid var(--line); }
.stage-name { font-weight: 600; }
.stage-text { color: var(--soft); font-variant-numeric: tabular-nums; }
.stage-text strong { color: var(--ink); font-weight: 600; }
.mark { display: flex; color: var(--soft); }
.mark svg { display: block; }
.mark .cut { stroke: var(--card); }
.mark-active { color: var(--accent); }
.mark-done { color: var(--good); }
.mark-attention { color: var(--warn); }
.mark-failed { color: var(--bad); }
.clock { font-variant-numeric: tabular-nums; }

progress { display: block; width: 100%; height: 8px; margin-top: 8px; appearance: none; -webkit-appearance: none; border: 0; border-radius: 4px; background: var(--line); color: var(--accent); overflow: hidden; }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--accent); border-radius: 4px; transition: inline-size 0.3s ease-out; }
progress::-moz-progress-bar { background: var(--accent); border-radius: 4px; }
progress:indeterminate::-webkit-progress-value { background: transparent; }
progress:indeterminate::-moz-progress-bar { background: transparent; }
@media (prefers-reduced-motion: reduce) { progress::-webkit-progress-value { transition: none; } }

.button { display: inline-flex; align-items: center; justify-content: center; min-height: 44px; padding: 8px 20px; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
.button:hover { filter: brightness(1.08); text-decoration: underline; }
.button:focus-visible { border-radius: 8px; }
.button.quiet { background: transparent; color: var(--ink); border-color: var(--soft); font-weight: 400; }
.choices { display: flex; flex-wrap: wrap; gap: 16px; padding-top: 24px; }
.note { padding-top: 16px; color: var(--soft); font-size: 14px; }

.facts { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.facts > div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 4px 16px; padding: 12px 16px; }
.facts > div + div { border-top: 1px solid var(--line); }
.facts dt { color: var(--soft); }

section { padding-top: 40px; }
.section-head { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: baseline; justify-content: space-between; padding-bottom: 8px; }
.section-head h2 { font-size: 20px; font-weight: 600; }
.section-head p, .address, .contents, .reason, .cut-note { color: var(--soft); font-size: 14px; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.card + .card { margin-top: 8px; }
.card summary { display: grid; grid-template-columns: 16px minmax(0, 1fr) fit-content(50%); gap: 0 8px; align-items: baseline; padding: 12px 16px; cursor: pointer; list-style: none; }
.card summary::-webkit-details-marker { display: none; }
.card summary::before { content: "›"; color: var(--soft); font-weight: 600; }
.card[open] summary::before { content: "⌄"; }
.card summary:focus-visible { outline-offset: -3px; border-radius: 10px; }
.card h3 { font-weight: 600; overflow: hidden; }
.card .contents { grid-column: 2 / -1; }
.card[open] summary { border-bottom: 1px solid var(--line); }
.prose { padding: 16px 24px 24px 40px; }
.prose.fades { max-height: 26rem; overflow: hidden; mask-image: linear-gradient(#000 calc(100% - 48px), transparent); }
.prose > * + * { margin-top: 12px; }
.prose h4 { font-size: 20px; font-weight: 600; line-height: 1.3; margin-top: 20px; }
.prose h5, .prose h6 { font-weight: 600; margin-top: 16px; }
.prose > :first-child { margin-top: 0; }
.prose ul, .prose ol { padding-left: 24px; }
.prose .task { list-style: none; margin-left: -24px; }
.prose .task > p:first-of-type { display: inline; }
.prose blockquote { padding-left: 16px; border-left: 3px solid var(--line); }
.prose pre { padding: 12px 16px; background: var(--wash); border-radius: 6px; white-space: pre-wrap; }
.prose :not(pre) > code { padding: 1px 4px; background: var(--wash); border-radius: 4px; }
.prose .link { text-decoration: underline; text-decoration-color: var(--soft); text-underline-offset: 3px; }
.prose .image { display: inline-block; padding: 4px 12px; border: 1px dashed var(--soft); border-radius: 6px; color: var(--soft); font-size: 14px; }
.prose hr { border: 0; border-top: 1px solid var(--line); }
.prose .wide { overflow-x: auto; }
.prose table { border-collapse: collapse; overflow-wrap: normal; }
.prose th, .prose td { padding: 6px 12px; border: 1px solid var(--line); text-align: left; vertical-align: top; }
.prose th { font-weight: 600; background: var(--wash); }
.prose .right { text-align: right; }
.prose .center { text-align: center; }
.cut-note { padding: 0 24px 16px 40px; }

.results { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.results th, .results td { padding: 10px 16px; text-align: left; vertical-align: top; }
.results th { color: var(--soft); font-size: 14px; font-weight: 400; }
.results td { border-top: 1px solid var(--line); }
.results td:last-child, .results th:last-child { width: 40%; }
.results .address, .results .reason { display: block; }
.action { font-weight: 600; }
.action::before { display: inline-block; width: 1.25em; content: "·"; color: var(--soft); }
.action-created::before { content: "+"; }
.action-updated::before { content: "↻"; }
.action-restored::before { content: "↩"; }
.action-removed::before { content: "−"; }
.action-kept::before { content: "="; }
.action-failed { color: var(--bad); }
.action-failed::before { content: "×"; color: inherit; }

@media (max-width: 560px) {
  body { padding: 16px 0 48px; }
  .top, .say, .note, .section-head, .choices { padding-left: 16px; padding-right: 16px; }
  .say { padding-top: 24px; }
  h1 { font-size: 22px; }
  .stages, .card, .facts, .results { border-radius: 0; border-left: 0; border-right: 0; }
  .stage { grid-template-columns: 20px minmax(0, 1fr); }
  .stage-body, .stage .button { grid-column: 2; }
  .stage .button { margin-top: 8px; }
  .facts > div { grid-template-columns: minmax(0, 1fr); }
  .card summary { grid-template-columns: 16px minmax(0, 1fr); }
  .card .address { grid-column: 2; }
  .prose { padding: 16px; }
  .choices .button { flex: 1 1 100%; }
}
@media print { .button, .note { display: none; } }
`;
