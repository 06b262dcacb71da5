/**
 * The star discrepancy of points of the unit square (rows x 2): the largest difference between the share of points in a box
 * from the origin and its area, over the boxes whose corners lie on the points' coordinates, open and closed.
 */
export function starDiscrepancy(points: Float64Array): number {
  const count = points.length / 2;
  const xs = [...points.filter((_, i) => i % 2 === 0), 1];
  const ys = [...points.filter((_, i) => i % 2 === 1), 1];
  let largest = 0;
  for (const x of xs)
    for (const y of ys) {
      let open = 0;
      let closed = 0;
      for (let i = 0; i < count; i++) {
        if (points[2 * i] < x && points[2 * i + 1] < y) open++;
        if (points[2 * i] <= x && points[2 * i + 1] <= y) closed++;
      }
      largest = Math.max(largest, x * y - open / count, closed / count - x * y);
    }
  return largest;
}
