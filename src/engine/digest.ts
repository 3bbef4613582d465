/**
 * One 64-bit accumulator per node, fed with everything that happened to the node in an order that
 * is the same on every partition. The caller hashes the accumulators of all nodes in id order.
 */
export class NodeAccumulators {
  /** Two words per node. */
  readonly words: Uint32Array;

  constructor(nodes: number, from?: NodeAccumulators) {
    this.words = new Uint32Array(2 * nodes);
    if (from !== undefined) this.words.set(from.words);
  }

  /** Feed one 32-bit word to a node's accumulator (multiply-rotate mixing, as in MurmurHash3). */
  feed(node: number, word: number): void {
    const { words } = this;
    let a = words[2 * node];
    let b = words[2 * node + 1];
    a = Math.imul(a ^ word, 0x85ebca6b);
    a = ((a << 13) | (a >>> 19)) + 0x9e3779b9;
    b = Math.imul(b + word + a, 0xc2b2ae35);
    b = ((b << 17) | (b >>> 15)) ^ a;
    words[2 * node] = a;
    words[2 * node + 1] = b;
  }

  feedF64(node: number, value: number): void {
    float[0] = value;
    this.feed(node, bits[0]);
    this.feed(node, bits[1]);
  }
}

const float = new Float64Array(1);
const bits = new Uint32Array(float.buffer);
