import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser page from elsewhere is behind a request. A page of this gateway has the same host
 * in `Origin` as in `Host`. Programs send no `Origin`; they have no cookie that could be stolen either.
 */
export type OriginVerdict = 'none' | 'allowed' | 'foreign';

export interface OriginRule {
  readonly isTls: boolean;
  /** Further origins, such as `https://station.example`. */
  readonly origins: readonly string[];
}

export function judgeOrigin(headers: IncomingHttpHeaders, rule: OriginRule): OriginVerdict {
  const { origin, host } = headers;
  if (origin === undefined) return 'none';
  if (rule.origins.includes(origin)) return 'allowed';
  if (!URL.canParse(origin) || host === undefined) return 'foreign';
  const page = new URL(origin);
  // Behind a proxy that does the TLS the page is https although this server is not; never the reverse.
  const isKnownScheme = page.protocol === 'https:' || (page.protocol === 'http:' && !rule.isTls);
  if (!isKnownScheme || !URL.canParse(`${page.protocol}//${host}`)) return 'foreign';
  return new URL(`${page.protocol}//${host}`).host === page.host ? 'allowed' : 'foreign';
}

/**
 * Whether the cookie of this request may speak for its user. A browser sends the cookie along
 * whatever page asked, so a call that changes something needs proof that one of our pages did.
 */
export function mayUseCookie(
  headers: IncomingHttpHeaders,
  isChange: boolean,
  rule: OriginRule,
): boolean {
  const verdict = judgeOrigin(headers, rule);
  if (verdict !== 'none') return verdict === 'allowed';
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return true;
  return !isChange && (site === undefined || site === 'none');
}
