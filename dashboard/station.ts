/** This screen as a station: its name, theme, sound and session, for the parts that act on them. */
import { type Signal, signal } from '@preact/signals';
import type { StationSound } from './sound/station-sound.ts';
import type { Theme } from './state/preferences.ts';

export interface Station {
  readonly name: string;
  readonly theme: Signal<Theme>;
  /** A person logged out on purpose: then silence is wanted and not a fault. */
  readonly isLoggedOut: Signal<boolean>;
  sound: StationSound | null;
  onLoggedIn: () => void;
  onLoggedOut: () => void;
}

export const station: { current: Station } = { current: blank('', 'dark') };

export function stationOf(preferences: { theme: Theme; station: string }): Station {
  station.current = blank(preferences.station, preferences.theme);
  return station.current;
}

function blank(name: string, theme: Theme): Station {
  return {
    name,
    theme: signal(theme),
    isLoggedOut: signal(false),
    sound: null,
    onLoggedIn: () => undefined,
    onLoggedOut: () => undefined,
  };
}
