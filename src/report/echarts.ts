/**
 * The parts of Apache ECharts that reports draw with. The build bundles them, for the page and for static SVG: the package
 * itself depends on no plotting library.
 */
import { BarChart, BoxplotChart, HeatmapChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  LegendScrollComponent,
  MarkLineComponent,
  ParallelComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
} from 'echarts/components';
import { init as initCore, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

let registered = false;

/** As `init` of ECharts. The parts are registered at the first call: a module that only loads has no effect. */
export const init: typeof initCore = (...given) => {
  if (!registered)
    use([
      BarChart,
      BoxplotChart,
      HeatmapChart,
      LineChart,
      ParallelChart,
      ScatterChart,
      GridComponent,
      LegendComponent,
      LegendScrollComponent,
      MarkLineComponent,
      ParallelComponent,
      TitleComponent,
      TooltipComponent,
      VisualMapContinuousComponent,
      CanvasRenderer,
      SVGRenderer,
    ]);
  registered = true;
  return initCore(...given);
};
