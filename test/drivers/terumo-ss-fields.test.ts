import { describe, expect, test } from 'vitest';
import { statusEvents } from '../../drivers/terumo-ss/observe.ts';
import { type Changes, status, volume } from './terumo-ss-talk.ts';

/** One event of a status, by metric or fact. */
function said(changes: Changes, code: string) {
  return statusEvents(status(changes), { check: null, isProven: true }, 0).find(
    (event) => 'code' in event && event.code === code,
  );
}

describe('the fields of the status', () => {
  test.each([
    { what: 'rate 8.00', changes: {}, code: 'MDC_FLOW_FLUID_PUMP', value: 8, validity: 'valid' },
    {
      what: 'rate of three bytes',
      changes: { 16: '01D4C0' },
      code: 'MDC_FLOW_FLUID_PUMP',
      value: 1200,
      validity: 'valid',
    },
    {
      what: 'rate 0.01',
      changes: { 16: '000001' },
      code: 'MDC_FLOW_FLUID_PUMP',
      value: 0.01,
      validity: 'valid',
    },
    {
      what: 'volume',
      changes: { 19: volume(12.43) },
      code: 'MDC_VOL_FLUID_DELIV_TOTAL',
      value: 12.43,
      validity: 'valid',
    },
    {
      what: 'volume of three bytes',
      changes: { 19: '0F423F' },
      code: 'MDC_VOL_FLUID_DELIV_TOTAL',
      value: 9999.99,
      validity: 'valid',
    },
    { what: 'VTBI', changes: {}, code: 'MDC_VOL_FLUID_TBI', value: 37.6, validity: 'questionable' },
    {
      what: 'VTBI infinite',
      changes: { 22: 'FFFFFF' },
      code: 'MDC_VOL_FLUID_TBI',
      value: null,
      validity: 'not-available',
      reason: 'VTBI is infinite',
    },
    {
      what: 'VTBI off',
      changes: { 22: 'EEEEEE' },
      code: 'MDC_VOL_FLUID_TBI',
      value: null,
      validity: 'not-available',
      reason: 'VTBI is off',
    },
    {
      what: 'VTBI 0',
      changes: { 22: '000000' },
      code: 'MDC_VOL_FLUID_TBI',
      value: 0,
      validity: 'questionable',
    },
    {
      what: 'pressure 0',
      changes: { 14: '00' },
      code: 'MDCX_PRESS_INFUS_OF_LIMIT',
      value: 0,
      validity: 'valid',
    },
    {
      what: 'pressure 25',
      changes: { 14: '01' },
      code: 'MDCX_PRESS_INFUS_OF_LIMIT',
      value: 25,
      validity: 'valid',
    },
    {
      what: 'pressure 50',
      changes: { 14: '42' },
      code: 'MDCX_PRESS_INFUS_OF_LIMIT',
      value: 50,
      validity: 'valid',
    },
    {
      what: 'pressure 75',
      changes: { 14: 'D7' },
      code: 'MDCX_PRESS_INFUS_OF_LIMIT',
      value: 75,
      validity: 'valid',
    },
    {
      what: 'dose in mg/kg/h',
      changes: { 25: '000064', 28: '08' },
      code: 'MDCX_RATE_DOSE_WEIGHT',
      value: 1,
      validity: 'valid',
    },
    {
      what: 'dose in ug/kg/min: never as mg/kg/h',
      changes: { 25: '000064', 28: '04' },
      code: 'MDCX_RATE_DOSE_WEIGHT',
      value: null,
      validity: 'not-available',
    },
    {
      what: 'set in mL/h: never as a dose',
      changes: { 25: '000320', 28: '00' },
      code: 'MDCX_RATE_DOSE_WEIGHT',
      value: null,
      validity: 'not-available',
    },
    {
      what: 'dose in a unit that nobody knows',
      changes: { 25: '000064', 28: '05' },
      code: 'MDCX_RATE_DOSE_WEIGHT',
      value: null,
      validity: 'invalid',
      reason: 'dose unit 05 not known',
    },
    {
      what: 'weight',
      changes: { 29: '02BC' },
      code: 'MDC_ATTR_PT_WEIGHT',
      value: 70,
      validity: 'valid',
    },
    {
      what: 'weight off',
      changes: { 29: 'FFFF' },
      code: 'MDC_ATTR_PT_WEIGHT',
      value: null,
      validity: 'not-available',
    },
    {
      what: 'weight 0',
      changes: { 29: '0000' },
      code: 'MDC_ATTR_PT_WEIGHT',
      value: null,
      validity: 'invalid',
    },
    {
      what: 'dilution',
      changes: { 31: '0003E8' },
      code: 'MDC_CONC_DRUG',
      value: 10,
      validity: 'questionable',
    },
    {
      what: 'dilution off',
      changes: { 31: '000000' },
      code: 'MDC_CONC_DRUG',
      value: null,
      validity: 'not-available',
    },
  ])('$what: $value, $validity', ({ changes, code, value, validity, reason }) => {
    const event = said(changes, code);
    expect(event).toMatchObject({ value, validity });
    if (reason !== undefined) expect(event).toMatchObject({ reason });
    if (validity !== 'valid') expect(event).toHaveProperty('reason', expect.stringMatching(/./));
  });

  test.each([
    ...['none', null, '5 mL', '10 mL', '20 mL', '30 mL', '50/60 mL', null, null].map(
      (text, code) => ({
        what: `syringe ${code}`,
        changes: { 15: `0${code}` },
        code: 'syringe',
        text: code === 0 ? null : text,
        validity: code === 1 || code > 6 ? 'invalid' : 'valid',
      }),
    ),
    { what: 'mains', changes: { 13: '55' }, code: 'power', text: 'mains', validity: 'valid' },
    { what: 'battery', changes: { 13: '45' }, code: 'power', text: 'battery', validity: 'valid' },
    { what: 'power 2', changes: { 13: '65' }, code: 'power', text: null, validity: 'invalid' },
    { what: 'power 3', changes: { 13: '75' }, code: 'power', text: null, validity: 'invalid' },
    ...Array.from({ length: 16 }, (_, bars) => ({
      what: `${bars} bars`,
      changes: { 13: `5${bars.toString(16)}` },
      code: 'battery',
      text: bars >= 1 && bars <= 5 ? `${bars} of 5 bars` : null,
      validity: bars >= 1 && bars <= 5 ? 'valid' : 'invalid',
    })),
    { what: 'mL/h', changes: { 28: '00' }, code: 'mode', text: 'set in mL/h', validity: 'valid' },
    {
      what: 'ug/kg/min',
      changes: { 28: '04' },
      code: 'mode',
      text: 'dose in ug/kg/min',
      validity: 'valid',
    },
    {
      what: 'mg/kg/h',
      changes: { 28: '08' },
      code: 'mode',
      text: 'dose in mg/kg/h',
      validity: 'valid',
    },
    { what: 'unit 5', changes: { 28: '05' }, code: 'mode', text: null, validity: 'invalid' },
  ])('$what: $code $text', ({ changes, code, text, validity }) => {
    expect(said(changes, code)).toMatchObject({ text, validity });
  });

  test('reserved bytes and bits, and what a model adds, change nothing', () => {
    const changed = status({ 8: 'FF FF', 14: 'D5', 34: '13 99 99' });
    expect(changed).toEqual(status());
  });
});
