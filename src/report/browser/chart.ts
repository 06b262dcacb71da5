import type { EChartsOption } from 'echarts';
import type { EChartsType } from 'echarts/core';
import { init } from '../echarts.js';

/** A chart of the page. */
export interface Chart {
  readonly element: HTMLElement;
  /**
   * Draws it anew: at once where it can be seen, else when it comes into view. `keep` draws only the series called `selected`
   * anew, and leaves everything else as it is.
   */
  update(keep?: 'keep'): void;
  /** Null until it was first in view. */
  instance(): EChartsType | null;
}

/** What a chart shows at a width in pixels; without a height it fills its element. */
export interface Drawing {
  option(): EChartsOption;
  readonly height?: number;
}

/**
 * Mounts a chart. It is drawn when it comes near the view, and again when its width or the zoom of the page changes, so
 * that a long page opens at once. `onDraw` is told each time all of it was drawn.
 */
export function mountChart(
  element: HTMLElement,
  draw: (width: number) => Drawing,
  onCreate: (chart: EChartsType) => void = () => {},
  onDraw: (chart: EChartsType) => void = () => {},
): Chart {
  let chart: EChartsType | null = null;
  let visible = false;
  let stale = true;
  let pixels = window.devicePixelRatio;

  const laidOut = (width: number) => {
    const drawing = draw(width);
    if (drawing.height !== undefined) element.style.height = `${drawing.height}px`;
    return drawing;
  };
  const render = (keep?: 'keep') => {
    stale = false;
    const width = element.clientWidth;
    if (width === 0) return;
    const option = laidOut(width).option();
    if (chart && keep && pixels === window.devicePixelRatio) {
      chart.setOption({ series: seriesOf(option).filter(({ id }) => id === 'selected') });
      return;
    }
    if (chart && pixels !== window.devicePixelRatio) {
      chart.dispose();
      chart = null;
    }
    if (!chart) {
      pixels = window.devicePixelRatio;
      chart = init(element, null, { renderer: 'canvas', devicePixelRatio: pixels });
      onCreate(chart);
    } else chart.resize();
    chart.setOption(option, { notMerge: true });
    onDraw(chart);
  };
  const update = (keep?: 'keep') => {
    if (visible) render(stale ? undefined : keep);
    else wait();
  };
  // Its height is taken at once, so that nothing below moves when it is drawn.
  const wait = () => {
    stale = true;
    if (element.clientWidth > 0) laidOut(element.clientWidth);
  };

  wait();
  new IntersectionObserver(
    (entries) => {
      visible = entries[entries.length - 1].isIntersecting;
      if (visible && stale) render();
    },
    { rootMargin: '300px' },
  ).observe(element);
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width && pixels === window.devicePixelRatio) return;
    width = element.clientWidth;
    update();
  }).observe(element);
  return { element, update, instance: () => chart };
}

const seriesOf = ({ series = [] }: EChartsOption) => (Array.isArray(series) ? series : [series]);
