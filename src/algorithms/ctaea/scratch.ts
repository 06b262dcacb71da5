import { createSortScratch, type SortScratch } from '../../ranking/nondominated-sort.js';

/** Working memory of both archive updates, for up to `capacity` candidates in `directions` subregions. */
export interface ArchiveScratch {
  /** Subregion of every candidate, and of every member of the other archive. */
  readonly region: Int32Array;
  /** Tchebycheff value of every candidate in its subregion. */
  readonly value: Float64Array;
  readonly chosen: Int32Array;
  readonly feasible: Int32Array;
  readonly infeasible: Int32Array;
  readonly rank: Int32Array;
  readonly order: Int32Array;
  /** The pairs (violation, Tchebycheff value) of infeasible candidates. */
  readonly pairs: Float64Array;
  readonly groups: Groups;
  readonly closest: ClosestMembers;
  readonly held: Int32Array;
  readonly sort: SortScratch;
}

/** The closest members of every subregion: the position of the worst of them, and their squared distance. */
export interface ClosestMembers {
  readonly worst: Int32Array;
  readonly distance: Float64Array;
}

/** Rows by subregion: `members[start[d] .. start[d] + size[d])`, in ascending order as long as they are only removed. */
export interface Groups {
  readonly start: Int32Array;
  readonly size: Int32Array;
  readonly members: Int32Array;
}

export function createArchiveScratch(capacity: number, directions: number): ArchiveScratch {
  return {
    region: new Int32Array(capacity),
    value: new Float64Array(capacity),
    chosen: new Int32Array(capacity),
    feasible: new Int32Array(capacity),
    infeasible: new Int32Array(capacity),
    rank: new Int32Array(capacity),
    order: new Int32Array(capacity),
    pairs: new Float64Array(2 * capacity),
    groups: {
      start: new Int32Array(directions),
      size: new Int32Array(directions),
      members: new Int32Array(capacity),
    },
    closest: {
      worst: new Int32Array(directions),
      distance: new Float64Array(directions),
    },
    held: new Int32Array(directions),
    sort: createSortScratch(capacity),
  };
}

/** Groups `rows[0 .. count)` by their subregion, in the order given. */
export function groupByRegion(
  rows: ArrayLike<number>,
  count: number,
  region: Int32Array,
  { start, size, members }: Groups,
): void {
  size.fill(0);
  for (let i = 0; i < count; i++) size[region[rows[i]]]++;
  for (let d = 0, next = 0; d < size.length; d++) {
    start[d] = next;
    next += size[d];
    size[d] = 0;
  }
  for (let i = 0; i < count; i++) {
    const d = region[rows[i]];
    members[start[d] + size[d]++] = rows[i];
  }
}

/** Takes the member at `position` of subregion `d` out; those after it move up. Returns its row. */
export function removeMember({ start, size, members }: Groups, d: number, position: number): number {
  const from = start[d] + position;
  const end = start[d] + --size[d];
  const row = members[from];
  for (let p = from; p < end; p++) members[p] = members[p + 1];
  return row;
}
