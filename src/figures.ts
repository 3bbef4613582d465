/** `isospike/figures`: figures for programs. Loads the drawing libraries, which takes about 0.1 s. */
export {
  type Curve,
  type CurvePanel,
  type CurvesRequest,
  curvesFigure,
} from './report/figures/curves.js';
export { type PngOptions, renderPng } from './report/figures/render-png.js';
