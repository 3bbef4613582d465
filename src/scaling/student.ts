/** Student's t distribution with a whole number of degrees of freedom. */

/**
 * P(|T| <= t), by the finite series that hold for whole numbers of degrees of freedom (Abramowitz
 * and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4).
 */
export function centralProbability(t: number, degreesOfFreedom: number): number {
  const theta = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const sine = Math.sin(theta);
  const squaredCosine = Math.cos(theta) ** 2;
  const odd = degreesOfFreedom % 2 === 1;
  let term = odd ? Math.cos(theta) : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degreesOfFreedom - 2; k += 2) {
    term *= ((k - 1) / k) * squaredCosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}

/** The t within which |T| lies with this probability. */
export function centralQuantile(probability: number, degreesOfFreedom: number): number {
  let [low, high] = [0, 1];
  while (centralProbability(high, degreesOfFreedom) < probability) high *= 2;
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, degreesOfFreedom) < probability) low = middle;
    else high = middle;
  }
  return high;
}
