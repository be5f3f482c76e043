import { type AlarmFace, alarmFrame, QUIET } from './alarms.ts';
import { type Body, type BodyState, MOMENTS_PER_S } from './body.ts';
import { WaveSender } from './waves.ts';

/** From a request to the first sample. */
const START_MS = 300;
/** Alarm records are at least so far apart (DRI specification 12th ed.). */
const ALARM_PAUSE_MS = 2_000;

/** How the monitor is set up, for what it sends beside the values. */
export interface SideOptions {
  readonly hasCo2: boolean;
  readonly hasAlarms: boolean;
  readonly ecgSamples: readonly number[] | null;
}

interface Waves {
  readonly sender: WaveSender;
  readonly startMs: number;
  /** Moments of the body that were taken, and up to which the next record goes. */
  taken: number;
  due: number;
}

/** Waves and alarm records: what is due when, and the bytes of it. */
export class SideStreams {
  readonly #body: Body;
  readonly #options: SideOptions;
  #waves: Waves | null = null;
  #waveNumber = 0;
  #skip = 0;
  #face = QUIET;
  #isTellingChanges = false;
  #isAlarmDue = false;
  #alarmAtMs = Number.NEGATIVE_INFINITY;
  #alarmNumber = 0;

  constructor(body: Body, options: SideOptions) {
    this.#body = body;
    this.#options = options;
  }

  get face(): AlarmFace {
    return this.#face;
  }

  /** A new request replaces the selection; one without a known wave ends them. */
  startWaves(types: readonly number[], nowMs: number): void {
    const { hasCo2, ecgSamples } = this.#options;
    const sender = new WaveSender(types, hasCo2, ecgSamples);
    this.#waves =
      sender.names.length === 0
        ? null
        : { sender, startMs: nowMs + START_MS, taken: 0, due: sender.period };
  }

  /** The host held the line up for too long. */
  stopWaves(): void {
    this.#waves = null;
  }

  /** So many records are not sent; the next one says that something is missing. */
  loseRecords(count: number): void {
    this.#skip += count;
  }

  heedAlarms(command: number): void {
    if (!this.#options.hasAlarms) return;
    if (command === 0) this.#isAlarmDue = true;
    else this.#isTellingChanges = command === 2;
  }

  setFace(face: AlarmFace): void {
    this.#face = face;
    this.#isAlarmDue ||= this.#isTellingChanges;
  }

  /** When there is something to send next. */
  nextAtMs(nowMs: number): number {
    const waveMs =
      this.#waves === null ? Number.POSITIVE_INFINITY : momentMs(this.#waves, this.#waves.due);
    const alarmMs = this.#isAlarmDue
      ? Math.max(nowMs, this.#alarmAtMs + ALARM_PAUSE_MS)
      : Number.POSITIVE_INFINITY;
    return Math.min(waveMs, alarmMs);
  }

  /** Lets the body live up to a moment, never past the end of a record. */
  runTo(nowMs: number, state: BodyState): void {
    const waves = this.#waves;
    if (waves === null) return;
    for (; waves.taken < waves.due && momentMs(waves, waves.taken) < nowMs; waves.taken += 1) {
      waves.sender.take(this.#body.next(momentMs(waves, waves.taken), state));
    }
  }

  /** What is due at a moment to which {@link runTo} has come. */
  send(nowMs: number, clockS: number, isLeadsOff: boolean): readonly Uint8Array[] {
    const out: Uint8Array[] = [];
    const waves = this.#waves;
    if (waves !== null && momentMs(waves, waves.due) <= nowMs) {
      waves.due += waves.sender.period;
      if (this.#skip > 0) {
        this.#skip -= 1;
        waves.sender.lose();
      } else out.push(waves.sender.record(this.#waveNumber, clockS, isLeadsOff));
      this.#waveNumber += 1;
    }
    if (this.#isAlarmDue && nowMs >= this.#alarmAtMs + ALARM_PAUSE_MS) {
      this.#isAlarmDue = false;
      this.#alarmAtMs = nowMs;
      this.#alarmNumber += 1;
      out.push(alarmFrame(this.#face, this.#alarmNumber, clockS));
    }
    return out;
  }

  describe(): Readonly<Record<string, unknown>> {
    return {
      waves: this.#waves?.sender.names ?? [],
      waveRecords: this.#waveNumber,
      alarmRecords: this.#alarmNumber,
      alarmLines: Object.fromEntries(this.#face.lines),
      alarmSilence: this.#face.silence,
      alarmSoundOn: this.#face.isSoundOn,
    };
  }
}

const momentMs = ({ startMs }: Waves, moment: number): number =>
  startMs + (moment * 1_000) / MOMENTS_PER_S;
