/**
 * What is on its way to the nodes of this worker: for each of the next max_delay steps, one number
 * per node (summed weights or spike counts), and a second plane for models that take positive and
 * negative weights apart. Slot by slot, so that a step's input is contiguous.
 */
import type { Segment } from '../memory/segment.js';

export class InputRing {
  data: Float64Array;
  private slots = 1;
  private planes = 1;
  private nodes = 0;

  constructor(private readonly segment: Segment) {
    this.data = segment.allocateF64(1, 'input ring');
  }

  /** Distance from a node's first to its second (inhibitory) number. */
  get planeStride(): number {
    return this.nodes;
  }

  /** Index in `data` of the first node's number for a step. */
  at(step: number): number {
    return (step % this.slots) * this.planes * this.nodes;
  }

  clear(step: number): void {
    const at = this.at(step);
    this.data.fill(0, at, at + this.planes * this.nodes);
  }

  /** Make room for more nodes or longer delays; what is on its way after step `now` is kept. */
  resize(now: number, maxDelaySteps: number, nodes: number, planes: 1 | 2): void {
    const { slots: oldSlots, planes: oldPlanes, nodes: oldNodes, data: old } = this;
    const slots = Math.max(maxDelaySteps, oldSlots);
    if (slots === oldSlots && planes === oldPlanes && nodes === oldNodes) return;
    const data = this.segment.allocateF64(Math.max(1, slots * planes * nodes), 'input ring');
    for (let step = now + 1; step <= now + oldSlots; step++) {
      for (let plane = 0; plane < oldPlanes; plane++) {
        const from = ((step % oldSlots) * oldPlanes + plane) * oldNodes;
        data.set(old.subarray(from, from + oldNodes), ((step % slots) * planes + plane) * nodes);
      }
    }
    this.segment.release(old);
    Object.assign(this, { data, slots, planes, nodes });
  }
}
