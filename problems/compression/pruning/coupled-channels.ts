/**
 * Channels that can only be removed together. Every channel of every value in a graph has an id; ids that an Add, a shared weight
 * or a depthwise convolution ties to one another form one class (union by the smaller id, with path halving).
 */
export interface CoupledChannels {
  /** `count` new ids, each a class of its own. */
  create(count: number): Int32Array;
  /** Makes one class of `a[i]` and `b[i]`, for every `i`. */
  couple(a: Int32Array, b: Int32Array): void;
  /** The smallest id of the class: its name. */
  classOf(id: number): number;
  /** The classes of these ids can't be removed. The first reason given stays. */
  freeze(ids: Int32Array, reason: string): void;
  /** Why a class can't be removed, or undefined when it can. */
  frozen(id: number): string | undefined;
}

/** No channels yet. */
export function coupledChannels(): CoupledChannels {
  const parent: number[] = [];
  const reasons = new Map<number, string>();
  const classOf = (id: number) => {
    let root = id;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  };
  const coupleOne = (a: number, b: number) => {
    const [first, second] = [classOf(a), classOf(b)].sort((p, q) => p - q);
    if (first === second) return;
    parent[second] = first;
    const reason = reasons.get(second);
    if (reason !== undefined && !reasons.has(first)) reasons.set(first, reason);
  };
  return {
    create(count) {
      const ids = Int32Array.from({ length: count }, (_, i) => parent.length + i);
      parent.push(...ids);
      return ids;
    },
    couple(a, b) {
      for (let i = 0; i < a.length; i++) coupleOne(a[i], b[i]);
    },
    classOf,
    freeze(ids, reason) {
      for (const id of ids) if (!reasons.has(classOf(id))) reasons.set(classOf(id), reason);
    },
    frozen: (id) => reasons.get(classOf(id)),
  };
}
