/** Text from devices and people: cleaned of control characters and always a text node. */
import type { ComponentChildren } from 'preact';

const LONGEST = 180;

/**
 * Control codes and direction overrides could reorder or hide what is read; a device must not be able
 * to do that to a name or an alarm.
 */
export function plain(text: string, longest = LONGEST): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, longest);
}

/** The latin fonts have no subscript two, so SpO2, EtCO2 and CO2 get a real one. */
export function Said({ children, longest }: { children: string; longest?: number }) {
  const parts: ComponentChildren[] = [];
  for (const [index, part] of plain(children, longest)
    .split(/(?<=SpO|CO)2/)
    .entries()) {
    if (index > 0) parts.push(<sub key={index}>2</sub>);
    parts.push(part);
  }
  return <>{parts}</>;
}
