/** All that the browser shares with the gateway. */

export * as format from '../../observation/format.ts';
export { METRICS, MetricCode } from '../../observation/metrics.ts';
export * from './bedside-calls.ts';
export * from './calls.ts';
export * from './course-view.ts';
export * from './frames.ts';
export * from './order-desk-calls.ts';
export * from './order-desk-view.ts';
export * from './regimen-view.ts';
export * from './report-view.ts';
export * from './session-view.ts';
export * from './views.ts';
export * from './wave-frame.ts';
