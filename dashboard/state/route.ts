/** The address after `#`: it survives a reload, so that a station comes back to the same bed. */
export type Route =
  | { readonly screen: 'overview' }
  | { readonly screen: 'bed'; readonly bedId: string }
  | { readonly screen: 'session'; readonly bedId: string }
  | { readonly screen: 'courses' }
  | { readonly screen: 'course'; readonly courseId: string }
  | { readonly screen: 'report'; readonly orderId: string }
  | { readonly screen: 'orders' }
  | { readonly screen: 'new-order' }
  | { readonly screen: 'order'; readonly orderId: string }
  | { readonly screen: 'check'; readonly orderId: string }
  | { readonly screen: 'draft'; readonly draftId: string }
  | { readonly screen: 'alarms' }
  | { readonly screen: 'devices' };

export function parseRoute(hash: string): Route {
  const [screen, id, part] = hash.replace(/^#\/?/, '').split('/').map(safeDecode);
  if (screen === 'alarms' || screen === 'devices') return { screen };
  if (screen === 'orders') return ordersRoute(id, part);
  if (screen === 'courses') return id ? { screen: 'course', courseId: id } : { screen };
  if (!id) return { screen: 'overview' };
  if (screen === 'bed') return { screen: 'bed', bedId: id };
  if (screen === 'beds' && part === 'session') return { screen: 'session', bedId: id };
  if (screen === 'beds') return { screen: 'bed', bedId: id };
  if (screen === 'drafts') return { screen: 'draft', draftId: id };
  return { screen: 'overview' };
}

function ordersRoute(id: string | undefined, part: string | undefined): Route {
  if (!id) return { screen: 'orders' };
  if (id === 'new') return { screen: 'new-order' };
  return { screen: part === 'report' || part === 'check' ? part : 'order', orderId: id };
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
    case 'new-order':
      return '#/orders/new';
    case 'order':
      return `#/orders/${encodeURIComponent(route.orderId)}`;
    case 'check':
      return `#/orders/${encodeURIComponent(route.orderId)}/check`;
    case 'draft':
      return `#/drafts/${encodeURIComponent(route.draftId)}`;
    case 'orders':
    case 'courses':
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
