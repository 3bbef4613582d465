/** The tableau of E. Fehlberg, NASA TR R-315 (1969), formula RK4(5), with GSL's error coefficients. */

/** Weights of earlier stage derivatives in stages 2 to 6. */
export const STAGE_WEIGHTS: readonly (readonly number[])[] = [
  [1 / 4],
  [3 / 32, 9 / 32],
  [1932 / 2197, -7200 / 2197, 7296 / 2197],
  [8341 / 4104, -32832 / 4104, 29440 / 4104, -845 / 4104],
  [-6080 / 20520, 41040 / 20520, -28352 / 20520, 9295 / 20520, -5643 / 20520],
];

/** When each stage is, in sub-steps. */
export const NODES: readonly number[] = [0, 1 / 4, 3 / 8, 12 / 13, 1, 1 / 2];

/** Weights of the stage derivatives in the fifth-order solution. */
export const SOLUTION_WEIGHTS: readonly number[] = [
  16 / 135,
  0,
  6656 / 12825,
  28561 / 56430,
  -9 / 50,
  2 / 55,
];

/** Fifth-order minus fourth-order weights: the error estimate. */
export const ERROR_WEIGHTS: readonly number[] = [
  1 / 360,
  0,
  -128 / 4275,
  -2197 / 75240,
  1 / 50,
  2 / 55,
];

export const STAGES = 6;

/** The stages after the first. */
export const LATER_STAGES: readonly number[] = [2, 3, 4, 5, 6];
