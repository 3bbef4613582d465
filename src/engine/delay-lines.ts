/**
 * The delay lines of u_bar_plus and u_bar_minus: the Clopath rule reads both delay_u_bars late. They
 * run from the first step on, whether or not there are plastic synapses yet. What has not entered a
 * line reads 0 mV, as in NEST.
 */
import type { KernelFunction } from '../kernel/compile.js';
import { blockBytes, type Segment } from '../memory/segment.js';
import type { Tile } from '../models/spec.js';
import { enterKernel } from './clopath-kernels.js';
import type { NodeGroup } from './node-group.js';
import type { StepKeeper } from './plasticity.js';

const WHAT = 'delay lines of u_bars';

/** What the lines of `nodes` neurons take, the longest delay being `steps`. */
export function delayLineBytes(nodes: number, steps: number, differing: boolean): number {
  const stride = nodes + (nodes & 1);
  const gathered = differing ? 2 * blockBytes(8 * stride) : 0;
  return 2 * blockBytes(8 * (steps + 1) * stride) + gathered;
}

export class DelayLines implements StepKeeper {
  /** Addresses of the delayed values of the group's first neuron, of the tiles for which a step has ended. */
  plusAddress = 0;
  minusAddress = 0;
  private readonly stride: number;
  private plus: Float64Array;
  private minus: Float64Array;
  private slots = 1;
  /** Steps, for each neuron or for all. */
  private delays = new Int32Array(1);
  /** Byte addresses of the u_bars, and of both lines. */
  private readonly uBarPlusAddress: number;
  private readonly uBarMinusAddress: number;
  private plusLineAddress = 0;
  private minusLineAddress = 0;
  /** Delayed values one after the other, if neurons differ in their delays. */
  private gathered: readonly [Float64Array, Float64Array] | undefined;
  private readonly enterBoth: KernelFunction;

  constructor(
    private readonly group: NodeGroup,
    private readonly segment: Segment,
  ) {
    this.stride = group.size + (group.size & 1);
    this.enterBoth = group.compile('delay lines', () => [enterKernel()]).enter;
    this.uBarPlusAddress = group.state('u_bar_plus').byteOffset;
    this.uBarMinusAddress = group.state('u_bar_minus').byteOffset;
    this.plus = segment.allocateF64(this.stride, WHAT);
    this.minus = segment.allocateF64(this.stride, WHAT);
    this.refresh(0);
  }

  /** Read delay_u_bars again, after step `now`. A line that grows longer starts with zeros. */
  refresh(now: number): void {
    const { group, stride, segment } = this;
    const before = this.delays;
    this.delays = Int32Array.from(group.parameter('delay_u_bars'), (ms) =>
      Math.round(ms / group.resolution),
    );
    const slots = this.delays.reduce((most, steps) => Math.max(most, steps + 1), this.slots);
    const [plus, minus] = [this.plus, this.minus].map((old) => {
      const ring = segment.allocateResidentF64(slots * stride, WHAT);
      for (let i = 0; i < group.size; i++) {
        const kept = Math.min(now, before[before.length > 1 ? i : 0], slots);
        for (let step = now - kept + 1; step <= now; step++) {
          ring[(step % slots) * stride + i] = old[(step % this.slots) * stride + i];
        }
      }
      segment.release(old);
      return ring;
    });
    const [plusLineAddress, minusLineAddress] = [plus, minus].map((line) => line.byteOffset);
    Object.assign(this, { plus, minus, plusLineAddress, minusLineAddress, slots });
    if (this.delays.length > 1) {
      this.gathered ??= [segment.allocateF64(stride, WHAT), segment.allocateF64(stride, WHAT)];
    }
  }

  /** Enter the u_bars at the end of a step, and find those that leave the lines. */
  endStep(step: number, tile: Tile): void {
    const { stride, slots, delays, plusLineAddress, minusLineAddress, gathered } = this;
    const first = 8 * tile.from;
    const now = 8 * (step % slots) * stride + first;
    this.enterBoth(
      this.uBarPlusAddress + first,
      plusLineAddress + now,
      this.uBarMinusAddress + first,
      minusLineAddress + now,
      tile.size,
    );
    if (delays.length === 1 || gathered === undefined) {
      const bytes = 8 * ((step + slots - delays[0]) % slots) * stride;
      this.plusAddress = plusLineAddress + bytes;
      this.minusAddress = minusLineAddress + bytes;
    } else this.gather(step, tile, gathered);
  }

  private gather(
    step: number,
    { from, size }: Tile,
    [up, um]: readonly [Float64Array, Float64Array],
  ): void {
    const { stride, slots, delays, plus, minus } = this;
    for (let i = from; i < from + size; i++) {
      const at = ((step + slots - delays[i]) % slots) * stride + i;
      up[i] = plus[at];
      um[i] = minus[at];
    }
    this.plusAddress = up.byteOffset;
    this.minusAddress = um.byteOffset;
  }
}
