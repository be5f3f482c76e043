/** The address after `#`: it survives a reload, so that a station comes back to the same bed. */
export type Route =
  | { readonly screen: 'overview' }
  | { readonly screen: 'bed'; readonly bedId: string }
  | { readonly screen: 'session'; readonly bedId: string }
  | { readonly screen: 'course'; readonly courseId: string }
  | { readonly screen: 'report'; readonly orderId: string }
  | { readonly screen: 'alarms' }
  | { readonly screen: 'devices' };

export function parseRoute(hash: string): Route {
  const [screen, id, part] = hash.replace(/^#\/?/, '').split('/').map(safeDecode);
  if (screen === 'alarms' || screen === 'devices') return { screen };
  if (!id) return { screen: 'overview' };
  if (screen === 'bed') return { screen: 'bed', bedId: id };
  if (screen === 'beds' && part === 'session') return { screen: 'session', bedId: id };
  if (screen === 'beds') return { screen: 'bed', bedId: id };
  if (screen === 'courses') return { screen: 'course', courseId: id };
  if (screen === 'orders' && part === 'report') return { screen: 'report', orderId: id };
  return { screen: 'overview' };
}

export function hrefOf(route: Route): string {
  switch (route.screen) {
    case 'overview':
      return '#/';
    case 'bed':
      return `#/bed/${encodeURIComponent(route.bedId)}`;
    case 'session':
      return `#/beds/${encodeURIComponent(route.bedId)}/session`;
    case 'course':
      return `#/courses/${encodeURIComponent(route.courseId)}`;
    case 'report':
      return `#/orders/${encodeURIComponent(route.orderId)}/report`;
    case 'alarms':
    case 'devices':
      return `#/${route.screen}`;
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
