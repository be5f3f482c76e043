/** Keys for stations with a keyboard. None confirms anything, and letters do nothing while one types. */
import { closeDialog, dialog, openDialog } from './parts/dialogs.tsx';
import { byBed, isUnacknowledged, sortAlarms } from './state/alarm-order.ts';
import { hrefOf } from './state/route.ts';
import { moment, route, ward } from './state/store.ts';

export function installKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (act(event.key, isTyping(event.target))) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/** True when the key did something here and the browser must not use it as well. */
function act(key: string, typing: boolean): boolean {
  if (dialog.value !== null) return false;
  switch (key) {
    case 'F2':
      document.querySelector<HTMLButtonElement>('[data-key="F2"]:not(:disabled)')?.click();
      return true;
    case 'F3':
      return go(hrefOf({ screen: 'alarms' }));
    case 'F4':
      return openAcknowledge();
    case 'Escape':
      closeDialog();
      return goBack(typing);
  }
  return typing || isForm() ? false : actOnLetter(key);
}

/** Where somebody enters an order, a digit beside the field must not open a bed. */
function isForm(): boolean {
  const { screen } = route.value;
  return screen === 'draft' || screen === 'check' || screen === 'new-order';
}

/** Out of the field first, so that one key too many does not leave what is being entered. */
function goBack(typing: boolean): boolean {
  if (typing && isForm()) {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    return true;
  }
  const isOrder = isForm() || route.value.screen === 'order';
  return go(hrefOf({ screen: isOrder ? 'orders' : 'overview' }));
}

function actOnLetter(key: string): boolean {
  if (key === 'o' || key === 'O') return go(hrefOf({ screen: 'overview' }));
  if (key === 'd' || key === 'D') return go(hrefOf({ screen: 'devices' }));
  if (key === '?') {
    openDialog({ kind: 'keys' });
    return true;
  }
  if (!/^[1-9]$/.test(key)) return false;
  const row = byBed(sortAlarms(ward.value.alarms.values()).standing)[Number(key) - 1];
  return row === undefined ? false : go(hrefOf({ screen: 'bed', bedId: row.alarm.bedId }));
}

/** In a bed: its alarms. Elsewhere: all that nobody has acknowledged. */
function openAcknowledge(): boolean {
  if (moment.value.link.phase === 'lost') return true;
  const at = route.value;
  const alarms = sortAlarms(ward.value.alarms.values()).standing.filter(
    (alarm) => isUnacknowledged(alarm) && (!('bedId' in at) || alarm.bedId === at.bedId),
  );
  if (alarms.length > 0) openDialog({ kind: 'acknowledge', alarms });
  return true;
}

function go(href: string): boolean {
  location.hash = href;
  return true;
}
