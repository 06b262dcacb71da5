/** Runs of this length are sorted by insertion before they are merged. */
const RUN = 8;

/**
 * Orders the indices `0 .. count - 1` by ascending `value`, equal values by index, and returns them in one of the two arrays
 * (each of `count` entries or more; the content of the other means nothing). A NaN comes before or after its neighbours
 * without a rule. A merge sort: O(n log n), and nothing is allocated.
 */
export function sortIndices(
  value: ArrayLike<number>,
  count: number,
  order: Int32Array,
  spare: Int32Array,
): Int32Array {
  for (let start = 0; start < count; start += RUN) {
    const end = Math.min(start + RUN, count);
    for (let i = start; i < end; i++) {
      let place = i;
      for (; place > start && value[i] < value[order[place - 1]]; place--) order[place] = order[place - 1];
      order[place] = i;
    }
  }
  let from = order;
  let to = spare;
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(middle + width, count);
      let left = start;
      let right = middle;
      for (let place = start; place < end; place++) {
        const takeRight = right < end && (left === middle || value[from[right]] < value[from[left]]);
        to[place] = takeRight ? from[right++] : from[left++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
