/** The address after `#`: it survives a reload, so that a station comes back to the same bed. */
export type Route =
  | { readonly screen: 'overview' }
  | { readonly screen: 'bed'; readonly bedId: string }
  | { readonly screen: 'alarms' }
  | { readonly screen: 'devices' };

export function parseRoute(hash: string): Route {
  const [screen, id] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'bed' && id) return { screen: 'bed', bedId: safeDecode(id) };
  if (screen === 'alarms' || screen === 'devices') return { screen };
  return { screen: 'overview' };
}

export function hrefOf(route: Route): string {
  if (route.screen === 'overview') return '#/';
  return route.screen === 'bed' ? `#/bed/${encodeURIComponent(route.bedId)}` : `#/${route.screen}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
