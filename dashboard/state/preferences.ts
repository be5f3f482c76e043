/** What belongs to the screen and not to the ward: its name and its theme. No clinical data here. */
export type Theme = 'dark' | 'light' | 'night';

const THEMES: readonly Theme[] = ['dark', 'night', 'light'];

/** `?theme=night&station=Station 2` sets them, for a kiosk's start address. */
export function readPreferences(search: string): { theme: Theme; station: string } {
  const query = new URLSearchParams(search);
  const theme = query.get('theme') ?? remembered('theme');
  const station = query.get('station') ?? remembered('station') ?? '';
  if (query.has('theme')) remember('theme', theme ?? '');
  if (query.has('station')) remember('station', station);
  return { theme: THEMES.find((one) => one === theme) ?? 'dark', station: station.slice(0, 40) };
}

export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'dark';
}

export function remember(key: 'theme' | 'station', value: string): void {
  try {
    localStorage.setItem(`infusewatch.${key}`, value);
  } catch {
    // A locked-down kiosk may forbid storage; the preference then lasts until the next start.
  }
}

function remembered(key: 'theme' | 'station'): string | null {
  try {
    return localStorage.getItem(`infusewatch.${key}`);
  } catch {
    return null;
  }
}
