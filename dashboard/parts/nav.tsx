import { hrefOf, type Route } from '../state/route.ts';
import { moment, route, ward } from '../state/store.ts';
import { wardSummary } from '../state/ward-summary.ts';

const TABS = [
  { screen: 'overview', word: 'Overview' },
  { screen: 'orders', word: 'Orders' },
  { screen: 'courses', word: 'Courses' },
  { screen: 'alarms', word: 'Alarms' },
  { screen: 'devices', word: 'Devices' },
] as const;

/** Screens that belong to a tab without being it. */
const PARENTS: Readonly<Partial<Record<Route['screen'], string>>> = {
  'new-order': 'orders',
  order: 'orders',
  check: 'orders',
  draft: 'orders',
  course: 'courses',
};

export function Nav() {
  const { screen } = route.value;
  return (
    <nav class="nav" aria-label="Screens">
      {TABS.map((tab) => (
        <a
          key={tab.screen}
          href={hrefOf({ screen: tab.screen })}
          aria-current={(PARENTS[screen] ?? screen) === tab.screen ? 'page' : undefined}
        >
          {tab.word}
        </a>
      ))}
      <p>{wardSummary(ward.value.beds, moment.value)}</p>
    </nav>
  );
}
