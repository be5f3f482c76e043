import { setTimeout as wait } from 'node:timers/promises';
import type { WaveView } from '../src/hub/wire/index.ts';
import { setup as buildDashboard } from '../test/browser/build-dashboard.ts';
import { openBrowser } from '../test/browser/chromium.ts';
import { visit } from '../test/browser/dashboard-page.ts';

export interface TracesResult {
  /** Streams on the socket. */
  readonly traces: number;
  /** Sweeps on the screen: the bed view has three lanes, a tile one strip. */
  readonly drawn: number;
  /** Of one core, by the browser's own account of its tasks. */
  readonly mainThreadPercent: number;
  readonly framesPerSecond: number;
  /** 99th percentile of the time from one frame to the next, ms. */
  readonly frameP99Ms: number;
}

const RATE = 500;
const BLOCK = 50;
const FRAMES_IN_PAGE = `(() => { window.frameTimes = []; const note = (t) => { window.frameTimes.push(t); requestAnimationFrame(note); }; requestAnimationFrame(note); })()`;

/** The built dashboard in Chromium with so many sweeps of 500 samples/s: 4 on the bed view, more on the overview. */
export async function measureTraces(traces: number, seconds: number): Promise<TracesResult> {
  await buildDashboard();
  const browser = await openBrowser();
  const isBed = traces <= 4;
  const here = await visit(browser, { hash: isBed ? '#/bed/B01' : '#/' });
  try {
    await here.page
      .locator(isBed ? '.vitals' : '.tile')
      .first()
      .waitFor();
    const beds = isBed ? 1 : 12;
    const perBed = Math.ceil(traces / beds);
    const codes = [
      'MDC_ECG_ELEC_POTL_II',
      'MDC_PULS_OXIM_PLETH',
      'MDC_RESP',
      'MDC_AWAY_CO2',
    ] as const;
    for (let bed = 0; bed < beds; bed += 1) {
      const waves = Array.from({ length: perBed }, (_, at): WaveView => {
        const code = codes[at % codes.length] ?? 'MDC_ECG_ELEC_POTL';
        const stream = bed * perBed + at + 1;
        return {
          stream,
          deviceId: 'mon',
          code,
          title: 'ECG',
          unit: '',
          samplesPerS: RATE,
          state: 'valid',
          reason: null,
        };
      });
      here.gateway.changeBed(`B${String(bed + 1).padStart(2, '0')}`, (view) => ({
        ...view,
        waves,
      }));
    }
    const startMs = here.gateway.now().monotonicMs;
    let index = 0;
    const timer = setInterval(() => {
      const due = ((here.gateway.now().monotonicMs - startMs) * RATE) / 1_000;
      for (; index + BLOCK <= due; index += BLOCK)
        for (let stream = 1; stream <= beds * perBed; stream += 1)
          here.gateway.sendWave({
            stream,
            validity: 'valid',
            firstIndex: index,
            endMonotonicMs: startMs + ((index + BLOCK) * 1_000) / RATE,
            samplesPerS: RATE,
            scale: 0.005,
            zero: 0,
            samples: Int16Array.from({ length: BLOCK }, (_, n) =>
              Math.round(150 * Math.sin(((index + n) * stream) / 40)),
            ),
          });
    }, 50);
    await wait(5_000);
    const session = await here.page.context().newCDPSession(here.page);
    await session.send('Performance.enable');
    const taskS = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    };
    await here.page.evaluate(FRAMES_IN_PAGE);
    const before = await taskS();
    await wait(seconds * 1_000);
    const busyS = (await taskS()) - before;
    clearInterval(timer);
    const times = (await here.page.evaluate('window.frameTimes')) as number[];
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
    gaps.sort((a, b) => a - b);
    return {
      traces: beds * perBed,
      drawn: await here.page.locator('.lane canvas').count(),
      mainThreadPercent: (busyS / seconds) * 100,
      framesPerSecond: gaps.length / seconds,
      frameP99Ms: gaps[Math.floor(0.99 * gaps.length)] ?? Number.NaN,
    };
  } finally {
    await here.leave();
    await browser.close();
  }
}
