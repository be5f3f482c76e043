/** Composition root: the only file that joins link, store, sound and screens. */
import './theme/tokens.css';
import './theme/base.css';
import './theme/shell.css';
import './theme/overview.css';
import './theme/bed.css';
import './theme/lists.css';
import './theme/entry.css';
import './theme/orders.css';
import './theme/waves.css';
import './theme/session.css';
import './theme/print.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { startFlash } from './flash.ts';
import { installKeys } from './keys.ts';
import { openSocket, openWaveSocket } from './link/browser-socket.ts';
import { startControlLink } from './link/control-link.ts';
import { afterThisFrame } from './link/paint.ts';
import { createReceipts } from './link/receipts.ts';
import { startWaveLink } from './link/wave-link.ts';
import { wantedSound } from './sound/choose.ts';
import { startStationSound } from './sound/station-sound.ts';
import { openVoice } from './sound/voice.ts';
import { sortAlarms } from './state/alarm-order.ts';
import { pageTitle } from './state/page-title.ts';
import { readPreferences } from './state/preferences.ts';
import { parseRoute } from './state/route.ts';
import {
  createStore,
  faultPausedUntilMs,
  moment,
  route,
  session,
  soundHealthNow,
  TICK_MS,
  ward,
} from './state/store.ts';
import { forgetWaves, takeWave } from './state/waves.ts';
import { stationOf } from './station.ts';
import { areSweepsAlive } from './sweep/loop.ts';
import { BEAT_EVERY_MS, type ServerFrame } from './wire.ts';

const ASK_AGAIN_MS = 500;
const now = () => performance.now();
const root = document.documentElement;
const preferences = readPreferences(location.search);
const station = stationOf(preferences);
root.dataset['theme'] = station.theme.value;

const store = createStore(now());
let lastPaintMs: number | null = null;
let isCommitPending = false;
let hasWatched = false;
let askedAtMs = Number.NEGATIVE_INFINITY;

const sound = startStationSound({
  openVoice,
  nowMs: now,
  onHealth: (health) => {
    soundHealthNow.value = health;
    link?.beatNow();
  },
});

const receipts = createReceipts((frame) => link?.send(frame));

/** An alarm must reach the screen with the next frame, also while values wait for their turn. */
function commitSoon(): void {
  if (isCommitPending) return;
  isCommitPending = true;
  requestAnimationFrame(() => {
    isCommitPending = false;
    store.tick(now());
    const seq = store.latest().seq;
    const drawn = receipts.drawing();
    afterThisFrame(() => {
      root.dataset['painted'] = String(seq ?? '');
      drawn();
    });
  });
}

/** A request may be lost like any frame: while the gateway talks and the page has a hole, ask again. */
function isStillWaiting(frame: ServerFrame): boolean {
  return frame.type === 'beat' && !store.latest().inSync && now() - askedAtMs > BEAT_EVERY_MS;
}

/** Not faster than twice a second: a snapshot that cannot be read must not become a storm of requests. */
function askForSnapshot(): void {
  if (now() - askedAtMs < ASK_AGAIN_MS) return;
  askedAtMs = now();
  link?.send({ type: 'resync' });
}

function onFrame(frame: ServerFrame): void {
  const needsSnapshot = store.receive(frame, now());
  if (needsSnapshot || isStillWaiting(frame)) askForSnapshot();
  if (frame.type === 'hello') {
    session.value = 'watching';
    // Stream numbers are those of this run of the gateway; a session may be new as well.
    forgetWaves();
    waves?.stop();
    waves = openWaves();
  }
  if (frame.type === 'snapshot') hasWatched = true;
  if (frame.type === 'alarm') receipts.received([frame.alarm]);
  if (frame.type === 'snapshot') receipts.received(frame.alarms);
  if (frame.type === 'alarm' || frame.type === 'snapshot') {
    chooseSound();
    commitSoon();
  }
}

function chooseSound(): void {
  if (station.isLoggedOut.value) {
    sound.want(null);
    return;
  }
  const nowMs = now();
  const latest = store.latest();
  sound.want(
    wantedSound({
      alarms: latest.alarms.values(),
      beds: latest.beds,
      link: store.livenessAt(nowMs),
      hasWatched,
      wallMs: store.wallAt(nowMs),
      nowMs,
      faultPausedUntilMs: faultPausedUntilMs.value,
    }),
  );
}

function socketUrl(path: string): URL {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = '';
  url.hash = '';
  return url;
}

function openWaves() {
  const url = socketUrl('ws/wave');
  return startWaveLink({
    open: (handlers) => openWaveSocket(url, handlers),
    random: Math.random,
    onFrame: takeWave,
  });
}

function openLink() {
  const url = socketUrl('ws/control');
  return startControlLink({
    open: (handlers) => openSocket(url, handlers),
    nowMs: now,
    random: Math.random,
    onFrame,
    onUnreadable: () => {
      store.unreadable(now());
      askForSnapshot();
    },
    onNoSession: () => {
      session.value = 'none';
    },
    beat: () => ({
      visible: document.visibilityState === 'visible',
      audioState: sound.health(),
      lastPaintAgeMs: lastPaintMs === null ? null : now() - lastPaintMs,
      wavesOk: areSweepsAlive(now()),
      ...(station.name === '' ? {} : { station: station.name }),
    }),
  });
}

let waves: ReturnType<typeof openWaves> | null = null;
let link: ReturnType<typeof openLink> | null = openLink();

station.onLoggedIn = () => {
  station.isLoggedOut.value = false;
  session.value = 'unknown';
  link?.stop();
  link = openLink();
};
station.onLoggedOut = () => {
  station.isLoggedOut.value = true;
  link?.stop();
  waves?.stop();
  session.value = 'none';
  chooseSound();
};
station.sound = sound;

setInterval(() => {
  store.tick(now());
  chooseSound();
}, TICK_MS);

startFlash({
  root,
  monotonicMs: () => store.monotonicAt(now()),
  onFrame: () => {
    lastPaintMs = now();
  },
});

document.addEventListener('visibilitychange', () => link?.beatNow());
window.addEventListener('online', () => link?.retryNow());
const readHash = () => {
  route.value = parseRoute(location.hash);
};
window.addEventListener('hashchange', readHash);
readHash();
installKeys();
effect(() => {
  root.dataset['theme'] = station.theme.value;
});

effect(() => {
  document.title = pageTitle(sortAlarms(ward.value.alarms.values()).standing[0], moment.value.link);
});

const mount = document.getElementById('app');
if (mount !== null) render(<App />, mount);
