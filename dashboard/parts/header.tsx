/** The line that answers, on every screen: which unit, what time, is this live, can I hear it. */
import { seconds, timeOfDay } from '../format/index.ts';
import { nextTheme, remember } from '../state/preferences.ts';
import { linkReport, moment, soundHealthNow, ward } from '../state/store.ts';
import { station } from '../station.ts';
import type { Moment } from '../validity/value.ts';
import { openDialog } from './dialogs.tsx';
import { Icon } from './icons.tsx';
import { Said } from './text.tsx';

export function Header() {
  const now = moment.value;
  const hello = ward.value.hello;
  const isLost = now.link.phase === 'lost';
  return (
    <header class="top">
      <span class="site">{hello && <Said>{`${hello.site} ${hello.unit}`}</Said>}</span>
      <time class={`clock num${isLost ? ' stale' : ''}`}>
        {hello ? timeOfDay(now.wallMs, now.utcOffsetMin, true) : '--:--:--'}
      </time>
      <span class="ok" data-test="link">
        <i class={`dot${now.link.phase === 'live' ? '' : ' off'}`} />
        {linkText(now)}
      </span>
      <SoundState isLost={isLost} />
      <span class="spacer" />
      {hello?.mode !== 'alarm' && (
        <span class="dis">
          Information only: do not rely
          <br />
          on this display for alarms
        </span>
      )}
      {station.current.name !== '' && <span>{station.current.name}</span>}
      <span>{hello && <Said>{hello.user}</Said>}</span>
      <ThemeButton />
      <button type="button" onClick={() => openDialog({ kind: 'log-out' })}>
        Log out
      </button>
    </header>
  );
}

function linkText(now: Moment): string {
  const { phase, silentMs } = now.link;
  if (phase === 'lost') return 'no connection';
  if (phase === 'connecting' || silentMs === null) return 'connecting';
  if (phase === 'delayed') return `delayed ${Math.floor(silentMs / 1000)} s`;
  if (linkReport.value.recoveredGapMs !== null) return 'live again';
  return now.link.inSync ? `live ${seconds(silentMs)}` : 'catching up';
}

const SOUND_WORDS = {
  blocked: 'sound is off',
  faulty: 'sound does not work',
  unverified: 'sound not tested',
  running: 'sound heard',
} as const;

function SoundState({ isLost }: { isLost: boolean }) {
  const health = soundHealthNow.value;
  const isAudible = health === 'running' || health === 'unverified';
  return (
    <button class="ok" type="button" onClick={() => openDialog({ kind: 'sound-test' })}>
      <Icon shape={isAudible ? 'bell' : 'belloff'} />
      {isLost && isAudible ? 'page fault sound on' : SOUND_WORDS[health]}
    </button>
  );
}

const THEME_WORDS = {
  dark: 'Screen: dark',
  light: 'Screen: bright',
  night: 'Screen: night',
} as const;

function ThemeButton() {
  const { theme } = station.current;
  const next = nextTheme(theme.value);
  const change = () => {
    theme.value = next;
    remember('theme', next);
  };
  return (
    <button type="button" onClick={change}>
      {THEME_WORDS[theme.value]}
    </button>
  );
}
