/**
 * The demo talks to the gateway as any outside program would: through docs/interfaces.md and nothing
 * else. Times out instead of hanging.
 */
export class GatewayApi {
  readonly #base: string;
  readonly #tokens = new Map<string, string>();

  constructor(base: string) {
    this.#base = base;
  }

  async login(user: string, pin: string): Promise<void> {
    const reply = (await this.#send('POST', '/api/session', { user, pin })) as { token: string };
    this.#tokens.set(user, reply.token);
  }

  /** Draft, signature, blind second check by another person, start on a bed. */
  async placeOrder(document: Readonly<Record<string, unknown>>, bedId: string): Promise<string> {
    const { bag } = document;
    const created = await this.#send('POST', '/api/orders', document, 'prescriber-a');
    const id = (created as { orderId: string }).orderId;
    await this.#send('POST', `/api/orders/${id}/sign`, {}, 'prescriber-a');
    await this.#send('POST', `/api/orders/${id}/verify`, document, 'nurse-b');
    await this.#send('POST', `/api/orders/${id}/activate`, { bedId, bag }, 'nurse-a');
    return id;
  }

  async discontinue(orderId: string, reason: string): Promise<void> {
    await this.#send('POST', `/api/orders/${orderId}/discontinue`, { reason }, 'nurse-a');
  }

  async #send(method: string, path: string, body: unknown, user?: string): Promise<unknown> {
    const token = user === undefined ? undefined : this.#tokens.get(user);
    const response = await fetch(this.#base + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }
}
