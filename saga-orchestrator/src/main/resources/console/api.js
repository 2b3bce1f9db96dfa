// The only module that talks to the orchestrator. What it asks is what curl would ask.

const BASE = new URL('../', import.meta.url);
const PATIENCE = 10_000;
let skew = 0;

/** An answer that says no, or no answer at all: then its status is 0. */
export class Problem extends Error {
  constructor(status, body) {
    super((body && (body.detail || body.title)) || (status ? 'The answer was ' + status + '.' : 'There was no answer.'));
    this.status = status;
    this.body = body || {};
  }
  /** Whether the orchestrator has spoken: it understood, and asking again would not help. */
  get isRefusal() {
    return this.status >= 400 && this.status < 500 && this.status !== 429;
  }
}

/** The orchestrator's time, which all ages are counted by; the browser's clock may be wrong. */
export const now = () => Date.now() + skew;

export const get = (path, params) => send('GET', path + query(params));
export const post = (path, body) => send('POST', path, body);

/** `?a=b` of all parameters that have a value. */
export function query(params) {
  const given = Object.entries(params || {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? '?' + new URLSearchParams(given) : '';
}

export async function send(method, path, body) {
  let response;
  try {
    response = await fetch(new URL(path, BASE), {
      method,
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
      credentials: 'same-origin',
      cache: 'no-store',
    });
  } catch {
    throw new Problem(0, null);
  }
  const date = Date.parse(response.headers.get('Date') || '');
  if (date) {
    // The header has whole seconds: trust the own clock where it agrees within that.
    const off = date + 500 - Date.now();
    skew = Math.abs(off) < 1500 ? 0 : off;
  }
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    if (response.ok && response.status !== 204) throw new Problem(0, { detail: 'The answer could not be read.' });
  }
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

export const address = (path) => new URL(path, BASE).href;

/** The same request as a line for a shell. */
export function curl(method, path, body) {
  return 'curl -sS -u "$OPERATOR"' + (method === 'GET' || (method === 'POST' && body) ? '' : ' -X ' + method)
    + (body ? " -H 'Content-Type: application/json' -d " + quoted(JSON.stringify(body)) : '') + ' ' + quoted(address(path));
}

/** A name for a wish, made once, so that the same wish twice takes effect once. */
export function requestId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page that is not from https or localhost
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
