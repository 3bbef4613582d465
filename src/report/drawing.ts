/** What draws: figures and pages. It loads Plot, linkedom and resvg, so import it lazily. */
export { figuresOf, renderPng } from './figures/index.js';
export { runReport } from './page/run-report.js';
