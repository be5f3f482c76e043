import { describe, expect, it } from 'vitest';
import { applyFrame, EMPTY_WARD, type Ward } from '../../dashboard/link/reducer.ts';
import type { HelloFrame, ServerFrame, SnapshotFrame } from '../../dashboard/wire.ts';
import { SCENES } from './scenes.ts';
import { BASE, iso, makeAlarm, makeDevices, numeric } from './ward-fixtures.ts';

const stamp = { wallTime: iso(BASE.wallMs), monotonicMs: BASE.monotonicMs };

const hello: HelloFrame = {
  type: 'hello',
  protocol: 1,
  build: 'b',
  gatewayId: 'gw',
  site: 'Pain unit',
  unit: '4W',
  ...stamp,
  timeZone: 'UTC',
  utcOffsetMin: 0,
  mode: 'information',
  user: 'Nurse A',
  roles: ['nurse'],
};

function snapshot(seq: number): SnapshotFrame {
  const scene = SCENES.alarmed(BASE);
  return {
    type: 'snapshot',
    seq,
    ...stamp,
    beds: [...scene.beds],
    alarms: [...scene.alarms],
    devices: makeDevices(BASE),
  };
}

function watching(seq = 10): Ward {
  return run(EMPTY_WARD, [hello, snapshot(seq)]);
}

function run(ward: Ward, frames: readonly ServerFrame[]): Ward {
  return frames.reduce((before, frame) => applyFrame(before, frame).ward, ward);
}

const hr = (ward: Ward, bedId = 'B01') =>
  ward.beds
    .find((bed) => bed.bedId === bedId)
    ?.numerics.find((one) => one.code === 'MDCX_HEART_RATE_DISPLAYED')?.value;

const heartRate = (seq: number, value: number): ServerFrame => ({
  type: 'delta',
  seq,
  bedId: 'B01',
  numerics: [numeric('B01', 'MDCX_HEART_RATE_DISPLAYED', value, 'bpm', BASE)],
});

describe('what the page knows', () => {
  it('shows nothing before the first snapshot', () => {
    const ward = run(EMPTY_WARD, [hello, heartRate(1, 99)]);
    expect(ward.beds).toEqual([]);
    expect(ward.inSync).toBe(false);
  });

  it('takes a delta that follows directly and leaves the rest of the bed alone', () => {
    const ward = run(watching(), [heartRate(11, 83)]);
    expect(hr(ward)).toBe(83);
    expect(ward.beds[0]?.numerics).toHaveLength(8);
    expect(ward.seq).toBe(11);
  });

  it('asks for a snapshot on a hole and believes nothing until it comes', () => {
    const step = applyFrame(watching(), heartRate(12, 99));
    expect(step.needsSnapshot).toBe(true);
    expect(step.ward.inSync).toBe(false);
    expect(hr(step.ward)).toBe(82);
    const later = run(step.ward, [heartRate(13, 98)]);
    expect(hr(later)).toBe(82);
    const healed = run(later, [snapshot(20), heartRate(21, 84)]);
    expect(healed.inSync).toBe(true);
    expect(hr(healed)).toBe(84);
  });

  it('a repeated frame is a hole too', () => {
    const ward = run(watching(), [heartRate(11, 83)]);
    expect(applyFrame(ward, heartRate(11, 84)).needsSnapshot).toBe(true);
  });

  it('asks only once for each hole', () => {
    const { ward } = applyFrame(watching(), heartRate(12, 99));
    expect(applyFrame(ward, heartRate(13, 99)).needsSnapshot).toBe(false);
  });

  it('notices from a beat that the last frame was lost', () => {
    const beat = { type: 'beat', ...stamp, utcOffsetMin: 0, lastSeq: 11 } as const;
    expect(applyFrame(watching(10), beat).needsSnapshot).toBe(true);
    expect(applyFrame(watching(11), beat).needsSnapshot).toBe(false);
  });

  it('a new connection is out of sync until its snapshot', () => {
    const ward = run(watching(), [hello]);
    expect(ward.inSync).toBe(false);
    expect(ward.beds).not.toHaveLength(0);
    expect(run(ward, [snapshot(3)]).inSync).toBe(true);
  });

  it('a delta for an unknown bed means that a snapshot was missed', () => {
    const frame = { ...heartRate(11, 83), bedId: 'B99' } as ServerFrame;
    expect(applyFrame(watching(), frame).needsSnapshot).toBe(true);
  });

  it('replaces the whole bed, so that no value of the patient before stays', () => {
    const empty = SCENES.calm(BASE).beds.find((bed) => bed.patient === null);
    const bed = { ...empty, bedId: 'B01' } as SnapshotFrame['beds'][number];
    const ward = run(watching(), [{ type: 'delta', seq: 11, bedId: 'B01', bed }]);
    expect(ward.beds.find((one) => one.bedId === 'B01')?.numerics).toEqual([]);
    expect(ward.beds).toHaveLength(12);
  });

  it('clears an order with null and keeps it when it is absent', () => {
    const kept = run(watching(), [heartRate(11, 83)]);
    expect(kept.beds[0]?.order).not.toBeNull();
    const cleared = run(kept, [{ type: 'delta', seq: 12, bedId: 'B01', order: null }]);
    expect(cleared.beds[0]?.order).toBeNull();
  });

  it('never goes back to an older revision of an alarm', () => {
    const at = (seq: number, rev: number): ServerFrame => ({
      type: 'alarm',
      seq,
      alarm: makeAlarm({ alarmId: 'A1', bedId: 'B04', rev }, BASE),
    });
    const ward = run(watching(), [at(11, 3), at(12, 2)]);
    expect(ward.alarms.get('A1')?.rev).toBe(3);
    expect(ward.seq).toBe(12);
  });

  it('forgets old ended alarms, never a standing one', () => {
    const ended = Array.from(
      { length: 60 },
      (_, index): ServerFrame => ({
        type: 'alarm',
        seq: 11 + index,
        alarm: makeAlarm(
          {
            alarmId: `E${index}`,
            bedId: 'B01',
            phase: 'ended',
            present: false,
            changedAt: iso(BASE.wallMs + index),
          },
          BASE,
        ),
      }),
    );
    const ward = run(watching(), ended);
    expect(ward.alarms.size).toBe(4 + 20);
    expect(ward.alarms.has('A1')).toBe(true);
    expect(ward.alarms.has('E59')).toBe(true);
  });

  it('shows nothing of a gateway that speaks another version', () => {
    const ward = run(EMPTY_WARD, [{ ...hello, protocol: 2 }, snapshot(1)]);
    expect(ward.isForeign).toBe(true);
    expect(ward.beds).toEqual([]);
  });
});
