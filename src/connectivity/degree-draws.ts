/** Partners of one node under fixed_indegree and fixed_outdegree, drawn by key. */
import type { Draws } from '../random/index.js';

/**
 * Draws partners as indices into a population. Draws are keyed by (call, node, attempt), so any
 * worker draws the same partners for a node, in any order of nodes.
 */
export class DegreeDraws {
  /** Partners of the last `draw`, in order. */
  readonly partners: Uint32Array;
  /** Who was already drawn: the number of the draw that last took each index. */
  private readonly takenBy: Uint32Array;
  private draws = 0;

  constructor(
    private readonly random: Draws,
    private readonly call: number,
    private readonly degree: number,
    private readonly population: number,
    private readonly multapses: boolean,
  ) {
    this.partners = new Uint32Array(degree);
    this.takenBy = new Uint32Array(multapses ? 0 : population);
  }

  /** @param excluded index that must not be drawn (the node itself), or -1 */
  draw(node: number, excluded: number): void {
    this.draws += 1;
    const candidates = this.population - (excluded >= 0 ? 1 : 0);
    if (this.multapses) this.fill(node, excluded, this.degree, true);
    else if (this.degree <= candidates / 2) this.fill(node, excluded, this.degree, false);
    else this.drawByLeavingOut(node, excluded, candidates - this.degree);
  }

  private fill(node: number, excluded: number, count: number, repeats: boolean): void {
    const { random, partners, takenBy, population } = this;
    let found = 0;
    for (let attempt = 0; found < count; attempt++) {
      if ((attempt & 1) === 0) random.pairAt(this.call, node, attempt >> 1, 0);
      const u = (attempt & 1) === 0 ? random.first : random.second;
      const index = Math.floor(u * population);
      if (index === excluded) continue;
      if (!repeats) {
        if (takenBy[index] === this.draws) continue;
        takenBy[index] = this.draws;
      }
      if (found < partners.length) partners[found] = index;
      found += 1;
    }
  }

  /** Most of the population is taken: draw the few that are not, which ends sooner. */
  private drawByLeavingOut(node: number, excluded: number, leftOut: number): void {
    this.fill(node, excluded, leftOut, false);
    let found = 0;
    for (let index = 0; index < this.population; index++) {
      if (index !== excluded && this.takenBy[index] !== this.draws) this.partners[found++] = index;
    }
  }
}
