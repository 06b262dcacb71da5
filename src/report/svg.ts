import type { EChartsOption } from 'echarts';
import { init } from './echarts.js';

/** A chart as one static SVG, drawn without a browser; `width` and `height` in pixels. */
export function svg(option: EChartsOption, width: number, height: number, background: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ ...option, animation: false, backgroundColor: background });
    return chart.renderToSVGString();
  } finally {
    chart.dispose(); // Node would wait for it for ever.
  }
}
