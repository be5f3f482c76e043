import type { WireVector } from '../../src/driver/proof.ts';
import type { TerumoStatus } from './status.ts';

/**
 * The five packets that the manuals print, and packets that we worked out by hand with a fictitious
 * DEVID. STX and ETX are part of each.
 */
const MAN730 = 'TE-SS730/TE-SS830 instruction manual (2020-04), page 96';
const MAN830P = 'TE-SS830P instruction manual (2019-08), page 127';
const OWN = 'own, fictitious DEVID; checksum computed apart from this code';

const packet = (xmlAndCrc: string): string => `\x02<?xml version="1.0"?>${xmlAndCrc}\x03`;

const PRINTED_DEVID = '000100700000001201000001';
const DEVID = '000100700000001901000042';

/** What the examples have in common. */
const STOPPED: TerumoStatus = {
  software: '04.03',
  stateByte: 0x00,
  state: 'stop',
  alarmBits: 0,
  batteryBars: 5,
  power: 'mains',
  isSubBatteryAbnormal: false,
  pressurePercent: 0,
  isAlarmSounding: false,
  isPlungerSet: true,
  syringe: '50/60 mL',
  rateMlPerHour: 0,
  volumeMl: 0,
  vtbi: 'off',
  doseRate: 0,
  doseUnit: 0x08,
  weightKg: 70,
  dilution: 10,
};

const status = (devid: string, sequence: number, said: Partial<TerumoStatus>) => ({
  devid,
  sequence,
  status: { ...STOPPED, ...said },
});

export const hostVectors: readonly WireVector[] = [
  {
    name: 'who are you',
    source: `${MAN730}; ${MAN830P}`,
    text: packet('<REQ><DEVID></DEVID></REQ>8411'),
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'basic operating status, sequence 01',
    source: `${MAN730}; ${MAN830P}`,
    text: packet(`<REQ><DEVID>${PRINTED_DEVID}</DEVID><CMD>AQEAAA==</CMD></REQ>A9A4`),
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'basic operating status, another pump',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>AQEAAA==</CMD></REQ>9C15`),
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'basic operating status, last sequence number',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>fgEAAA==</CMD></REQ>764D`),
    from: 'host',
    mayBeSent: true,
  },
  {
    name: 'reserved sequence number 7F',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>fwEAAA==</CMD></REQ>4610`),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'sequence number of a rack',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>gAEAAA==</CMD></REQ>C744`),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'another command',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>AQIAAA==</CMD></REQ>9DDD`),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'another subcommand, low byte',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>AQEAAQ==</CMD></REQ>D29F`),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'another subcommand, high byte',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>AQEBAA==</CMD></REQ>AD33`),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'the status command with data',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>AQEAAAA=</CMD></REQ>FA5C`),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'a command to whomever it reaches',
    source: OWN,
    text: packet('<REQ><DEVID></DEVID><CMD>AQEAAA==</CMD></REQ>1FE2'),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'two commands',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>AQEAAA==</CMD><CMD>AQEAAA==</CMD></REQ>4F26`),
    from: 'host',
    mayBeSent: false,
  },
  {
    name: 'a DEVID and no command',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID></REQ>F98E`),
    from: 'host',
    mayBeSent: false,
  },
];

export const replyVectors: readonly WireVector[] = [
  {
    name: 'I am',
    source: `${MAN730}; ${MAN830P}`,
    text: packet(`<REP><DEVID>${PRINTED_DEVID}</DEVID></REP>D38C`),
    from: 'device',
    decodes: { devid: PRINTED_DEVID },
  },
  {
    name: 'a TE-SS830P that is stopped, with the bytes of its own',
    source: `${MAN830P}; printed in three lines, joined`,
    text: packet(
      `<REP><DEVID>${PRINTED_DEVID}</DEVID><CMD>AAEAAAAEAwAQAAAAAFUABgAAAAAAAO7u7gAAAAgCvAAD6BOZmQAAhgAAAAAAAAAAAAALAAIBAgAo////AZASAHj6AEL3AAAAAAAAAAAAAAAARQApAAAT</CMD></REP>901D`,
    ),
    from: 'device',
    decodes: status(PRINTED_DEVID, 0, {}),
  },
  {
    name: 'infusing 8.00 mL/h',
    source: OWN,
    text: packet(
      `<REP><DEVID>${DEVID}</DEVID><CMD>AQEAAAAEAxAAAAAAAFUBBgADIAAE2wABeAAAAAD//wAAAA==</CMD></REP>1555`,
    ),
    from: 'device',
    decodes: status(DEVID, 1, {
      stateByte: 0x10,
      state: 'start',
      pressurePercent: 25,
      rateMlPerHour: 8,
      volumeMl: 12.43,
      vtbi: 37.6,
      doseUnit: 0x00,
      weightKg: null,
      dilution: null,
    }),
  },
  {
    name: 'stopped with an occlusion, the alarm sounds',
    source: OWN,
    text: packet(
      `<REP><DEVID>${DEVID}</DEVID><CMD>AgEAAAAEAwAAAAAACFULBgADIAAFEgABcgAAZAgCvAAD6A==</CMD></REP>45F2`,
    ),
    from: 'device',
    decodes: status(DEVID, 2, {
      alarmBits: 0x000008,
      pressurePercent: 75,
      isAlarmSounding: true,
      rateMlPerHour: 8,
      volumeMl: 12.98,
      vtbi: 37,
      doseRate: 1,
    }),
  },
];

const INFUSING = 'AQEAAAAEAxAAAAAAAFUBBgADIAAE2wABeAAAAAD//wAAAA==';

export const refusedVectors: readonly WireVector[] = [
  {
    name: 'the status reply that does not fit its own checksum',
    source: `${MAN730}; damaged in the text that we have`,
    text: packet(
      `<REP><DEVID>${PRINTED_DEVID}</DEVID><CMD>AAEAAAADAQAAAAAAAFVAAAAAAAAAAAAAAAAAAAD//wAAAACZmQAAAgAAAAAAAAAAAAAA</CMD></REP>85C8`,
    ),
    from: 'device',
    refused: 'checksum',
  },
  {
    name: 'one bit flipped in the rate',
    source: OWN,
    text: packet(
      `<REP><DEVID>${DEVID}</DEVID><CMD>AQEAAAAEAxAAAAAAAFUBBgADIQAE2wABeAAAAAD//wAAAA==</CMD></REP>1555`,
    ),
    from: 'device',
    refused: 'checksum',
  },
  {
    name: 'checksum of another start value (CCITT-FALSE)',
    source: 'TE-SS830P manual, page 120: "CRC-16-CCITT" would allow it; the printed packets do not',
    text: packet(`<REP><DEVID>${DEVID}</DEVID><CMD>${INFUSING}</CMD></REP>A7DE`),
    from: 'device',
    refused: 'checksum',
  },
  {
    name: 'checksum in lower case',
    source: OWN,
    text: packet(`<REP><DEVID>${DEVID}</DEVID></REP>075d`),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'a blank between elements',
    source: OWN,
    text: packet(`<REP><DEVID>${DEVID}</DEVID> <CMD>${INFUSING}</CMD></REP>F2C8`),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'base64 with a stray bit at its end',
    source: OWN,
    text: packet(
      `<REP><DEVID>${DEVID}</DEVID><CMD>${INFUSING.replace('AA==', 'AB==')}</CMD></REP>F670`,
    ),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'two commands',
    source: OWN,
    text: packet(`<REP><DEVID>${DEVID}</DEVID><CMD>${INFUSING}</CMD><CMD>AQEAAAA=</CMD></REP>E8DF`),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'a DEVID of 23 digits',
    source: OWN,
    text: packet(`<REP><DEVID>00010070000000190100004</DEVID><CMD>${INFUSING}</CMD></REP>63A3`),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'no DEVID',
    source: OWN,
    text: packet('<REP><DEVID></DEVID></REP>D22B'),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'our own question, come back',
    source: OWN,
    text: packet(`<REQ><DEVID>${DEVID}</DEVID><CMD>AQEAAA==</CMD></REQ>9C15`),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'a status that ends after the software version',
    source: OWN,
    text: packet(`<REP><DEVID>${DEVID}</DEVID><CMD>AQEAAAAEAw==</CMD></REP>C9AF`),
    from: 'device',
    refused: 'malformed',
  },
  {
    name: 'another command',
    source: OWN,
    text: packet(`<REP><DEVID>${DEVID}</DEVID><CMD>AQIAAAA=</CMD></REP>843A`),
    from: 'device',
    refused: 'unexpected',
  },
  ...(
    [
      ['11', 'AQEAABEBAAA=', '5A1A'],
      ['12', 'AQEAABIBAAA=', '5BD2'],
      ['13', 'AQEAABMAAAA=', '9A53'],
      ['14', 'AQEAABQBAAA=', '5842'],
      ['15', 'AQEAABUBAAA=', 'A8E5'],
      ['16, which is not documented', 'AQEAABY=', '4B4B'],
    ] as const
  ).map(
    ([result, base64, crc]): WireVector => ({
      name: `result ${result}`,
      source: `${OWN}; TE-SS830P manual, page 122`,
      text: packet(`<REP><DEVID>${DEVID}</DEVID><CMD>${base64}</CMD></REP>${crc}`),
      from: 'device',
      refused: 'unexpected',
    }),
  ),
];
