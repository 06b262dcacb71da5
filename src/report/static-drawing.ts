import type { EChartsOption } from 'echarts';
import { LIGHT } from './charts/theme.js';

/** Pixels. */
export const WIDTH = 960;

/** Draws charts as static SVG on the light surface. The plotting library is loaded here, for those who ask for it. */
export async function drawing(): Promise<(option: EChartsOption, height: number) => string> {
  const { svg } = await import('./svg.js');
  return (option, height) => svg(option, WIDTH, height, LIGHT.surface);
}
