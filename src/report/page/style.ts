/**
 * The look of all pages: light and dark (as the system is set, or as chosen on the page), on paper
 * always light. Text has a contrast of at least 4.5, the edges of controls of 3.
 */
import { type ColorName, ON_DARK, ON_WHITE, pageColor } from '../colors.js';
import { FONT_FAMILY } from '../figures/style.js';

const NAMES = Object.keys(ON_WHITE) as ColorName[];

const VARIABLES = NAMES.map(
  (name) => `  --${name}: light-dark(${ON_WHITE[name]}, ${ON_DARK[name]});`,
).join('\n');

const DRAWN = NAMES.flatMap((name) =>
  ['fill', 'stroke'].map(
    (what) => `.drawn svg [${what}='${ON_WHITE[name]}'] { ${what}: ${pageColor(name)}; }`,
  ),
).join('\n');

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #14171a);
  --raised: light-dark(#f4f5f6, #1f2428);
  --ink: light-dark(#15181b, #e8eaec);
  --line: light-dark(#d3d7db, #3b4248);
  --edge: light-dark(#868d94, #7d858d);
  --link: light-dark(#005a94, #7cc4f2);
  --warning: light-dark(#a84300, #ff9d57);
${VARIABLES}
  font-family: ${FONT_FAMILY};
  font-size: 16px;
  line-height: 1.5;
  background: var(--paper);
  color: var(--ink);
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { counter-reset: figure; max-width: 68rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 0.75rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 0.5rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 0.85em; }
.heading { display: flex; gap: 1rem; align-items: start; justify-content: space-between; }
.theme { font-size: 0.8rem; color: var(--quiet); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.25rem 0.5rem; z-index: 2; }
.warning { color: var(--warning); font-weight: bold; }
.remark, figcaption, caption { font-size: 0.85rem; color: var(--quiet); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0.5rem 0; margin: 1rem 0 0; border-block: 1px solid var(--line); font-size: 0.9rem; }

.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: 0.5rem 1.5rem; margin: 1rem 0; }
.facts dt { font-size: 0.8rem; color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.table { overflow-x: auto; margin: 0.75rem 0; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; border-block: 1.5px solid var(--ink); }
caption { text-align: left; padding-bottom: 0.25rem; }
th, td { text-align: left; padding: 0.2rem 1.25rem 0.2rem 0; vertical-align: top; }
thead th { border-bottom: 1px solid var(--edge); }
th.number, td.number { text-align: right; padding: 0.2rem 0 0.2rem 1.25rem; }
th.number + th:not(.number), td.number + td:not(.number) { padding-left: 1.25rem; }
.code { display: flex; gap: 0.5rem; align-items: start; background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: 0.5rem 0.75rem; margin: 0.5rem 0; }
.code code { flex: 1; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; padding: 0.75rem; overflow: auto; max-height: 40rem; }
summary { cursor: pointer; }

button, select, input { font: inherit; font-size: 0.85rem; color: inherit; accent-color: var(--link); }
button, select { background: var(--raised); border: 1px solid var(--edge); border-radius: 4px; padding: 0.1rem 0.55rem; }
button:hover { border-color: var(--ink); }
button:disabled { color: var(--quiet); border-color: var(--line); }
.controls { display: flex; flex-wrap: wrap; gap: 0.4rem 0.75rem; align-items: center; margin: 0.5rem 0; font-size: 0.85rem; }
.controls input[type='range'] { flex: 1 1 12rem; max-width: 32rem; }
.controls output { min-width: 6em; font-variant-numeric: tabular-nums; }

figure { margin: 1rem 0; }
.drawn { overflow-x: auto; }
.drawn svg, .bars { display: block; max-width: 100%; height: auto; }
figcaption { max-width: 46rem; margin-top: 0.4rem; }
figure { counter-increment: figure; }
figcaption::before { content: 'Figure ' counter(figure) '. '; font-weight: bold; color: var(--ink); }
.pair { display: flex; flex-wrap: wrap; align-items: start; column-gap: 2rem; }
.pair > :first-child { flex: 1 1 32rem; min-width: 0; }
.pair > :nth-child(2) { flex: 0 1 26rem; min-width: 0; }
/* The figures are made for white paper: on dark paper ink and paper change places. */
.drawn rect[fill='#ffffff'] { fill: transparent; }
.drawn svg { fill: var(--ink); }
${DRAWN}

.plot { position: relative; touch-action: pan-y; }
.plot canvas { position: absolute; display: block; }
.plot svg { position: relative; display: block; overflow: visible; font-size: 12px; fill: var(--ink); }
.plot svg .axis { stroke: var(--ink); stroke-width: 1; fill: none; shape-rendering: crispEdges; }
.plot svg .curve { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
.plot svg .mean { stroke: var(--quiet); stroke-dasharray: 4 3; }
.plot svg .selection { fill: var(--link); fill-opacity: 0.2; stroke: var(--link); }
.plot svg .cursor { stroke: var(--quiet); stroke-width: 1; }
.plot svg .gap { fill: var(--absent); fill-opacity: 0.6; }
.plot svg .quiet { fill: var(--quiet); }
.bars { font-size: 12px; fill: var(--ink); }
.shares { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 0.75rem; align-items: center; font-size: 0.85rem; }
.shares .bar { display: flex; height: 1.1rem; background: var(--absent); }
.shares .bar span { background: var(--key); }
.state { font-size: 1.1rem; }
progress { flex: 1 1 12rem; max-width: 32rem; accent-color: var(--link); }
.bars rect { stroke: var(--paper); stroke-width: 1; }
.keys { display: flex; flex-wrap: wrap; gap: 0.1rem 1.25rem; font-size: 0.85rem; margin: 0.25rem 0; }
.keys span::before { content: ''; display: inline-block; width: 1.1em; height: 0.25em; margin-right: 0.4em; vertical-align: middle; background: var(--key); print-color-adjust: exact; }

@media (max-width: 40rem) {
  :root { font-size: 15px; }
  body { padding-inline: 0.75rem; }
  .heading { flex-direction: column; gap: 0.25rem; }
  .wide svg { max-width: none; }
}
@media print {
  @page { margin: 15mm; }
  :root { color-scheme: light !important; font-size: 9.5pt; }
  body { counter-reset: figure; max-width: none; padding: 0; }
  nav, .theme, .controls, .copy, .skip, .on-screen { display: none !important; }
  h2, h3 { break-after: avoid; }
  /* As columns they would come apart from their heading. */
  .pair { display: block; }
  figure, tr, .code, .facts > div { break-inside: avoid; }
  .table, .drawn { overflow: visible; }
  td code { overflow-wrap: anywhere; }
  pre { max-height: none; overflow: visible; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 7.5pt; }
  a { color: inherit; text-decoration: none; }
}
`;
