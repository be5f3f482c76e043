const FIRST_DELAYS_MS = [250, 500, 1000];
const STEADY_MS = 2000;
const JITTER = 0.2;

/**
 * Wait before the nth attempt (0-based) to reconnect. The jitter keeps all stations of a ward from
 * knocking at the same instant when the gateway comes back. There is no last attempt.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  return FIRST_DELAYS_MS[attempt] ?? STEADY_MS * (1 - JITTER + 2 * JITTER * random);
}
