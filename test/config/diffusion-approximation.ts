/**
 * What the theory of Brunel, Journal of Computational Neuroscience 8 (2000) 183-208, says of the
 * stationary state of his network: input is replaced by white noise of the same mean and variance,
 * which holds where a single spike moves a neuron little on its way to threshold.
 */
import { gammaQ } from '../statistics.js';

export interface BrunelNetwork {
  readonly N_E: number;
  readonly N_I: number;
  /** Inputs of a neuron from within the network. */
  readonly C_E: number;
  readonly C_I: number;
  /** Amplitude of an excitatory potential in mV; inhibitory ones are g times as large. */
  readonly J: number;
  readonly g: number;
  /** External rate over the one whose mean reaches the threshold. */
  readonly eta: number;
}

/** ms and mV. */
export const TAU = 20;
export const REFRACTORY = 2;
export const THRESHOLD = 20;
export const RESET = 10;

/** Rate of all neurons in spikes/s at which the network drives itself to that rate. */
export function stationaryRate({ C_E, C_I, J, g, eta }: BrunelNetwork): number {
  const external = (eta * THRESHOLD) / (J * TAU); // spikes/ms over all inputs
  const response = (rate: number): number => {
    const mean = J * TAU * (external + rate * (C_E - g * C_I));
    const deviation = J * Math.sqrt(TAU * (external + rate * (C_E + g * g * C_I)));
    const from = (RESET - mean) / deviation;
    const to = (THRESHOLD - mean) / deviation;
    return 1 / (REFRACTORY + TAU * Math.sqrt(Math.PI) * integral(passage, from, to));
  };
  // Inhibition prevails: the response falls with the rate, so it crosses the rate once.
  let [low, high] = [0, 1 / REFRACTORY];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (response(middle) > middle) low = middle;
    else high = middle;
  }
  return 1000 * low;
}

/** exp(u^2) (1 + erf(u)) */
function passage(u: number): number {
  const tail = gammaQ(0.5, u * u); // 1 - erf(|u|)
  return Math.exp(u * u) * (u < 0 ? tail : 2 - tail);
}

/** By Simpson's rule. */
function integral(f: (x: number) => number, from: number, to: number): number {
  const intervals = 200;
  const width = (to - from) / intervals;
  let sum = f(from) + f(to);
  for (let i = 1; i < intervals; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * width);
  return (sum * width) / 3;
}
