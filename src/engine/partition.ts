/**
 * Which virtual process owns which node: ids are dealt round robin, so that owner and local index
 * are arithmetic and consecutive ids on one process have consecutive local indices.
 */
export class Partition {
  constructor(
    readonly rank: number,
    /** Virtual processes in all. */
    readonly processes: number,
  ) {}

  owns(id: number): boolean {
    return (id - 1) % this.processes === this.rank;
  }

  /** Index of an owned node among all nodes that this process owns. */
  localIndex(id: number): number {
    return Math.floor((id - 1) / this.processes);
  }

  idOf(localIndex: number): number {
    return localIndex * this.processes + this.rank + 1;
  }

  /** Number of owned ids in 1 ... last. */
  countUpTo(last: number): number {
    return last <= this.rank ? 0 : Math.floor((last - 1 - this.rank) / this.processes) + 1;
  }
}
