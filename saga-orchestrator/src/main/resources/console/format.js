// Numbers and times as text. Pure: `now` is given.

const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]];

/** Milliseconds in at most two units: '42 ms', '1.4 s', '3 min 20 s', '2 d 4 h'. */
export function duration(ms) {
  if (ms === undefined || ms === null || Number.isNaN(ms)) return '–';
  const abs = Math.abs(ms);
  if (abs < 1000) return Math.round(ms) + ' ms';
  if (abs < 10_000) return (ms / 1000).toFixed(1) + ' s';
  const at = UNITS.findIndex(([, size]) => abs >= size);
  const [unit, size] = UNITS[at];
  const whole = Math.floor(abs / size);
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((abs % size) / next[1]) : 0;
  return (ms < 0 ? '−' : '') + whole + ' ' + unit + (rest ? ' ' + rest + ' ' + next[0] : '');
}

/** How long ago an instant was, or how far ahead it lies. */
export function ago(instant, now) {
  const ms = now - Date.parse(instant);
  if (Number.isNaN(ms)) return '–';
  return ms < 0 ? 'in ' + coarse(-ms) : coarse(ms) + ' ago';
}

/** One unit, whole seconds: what changes slowly enough to be read. */
export function coarse(ms) {
  if (ms === undefined || ms === null || Number.isNaN(ms)) return '–';
  if (ms < 1000) return '0 s';
  const [unit, size] = UNITS.find(([, each]) => ms >= each);
  return Math.floor(ms / size) + ' ' + unit;
}

/** ISO-8601 'PT1H5M' in milliseconds; NaN if it is none. */
export function millis(iso) {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(iso || '');
  if (!parts) return NaN;
  const [, d = 0, hours = 0, m = 0, seconds = 0] = parts;
  return (((+d * 24 + +hours) * 60 + +m) * 60 + +seconds) * 1000;
}

export const period = (iso) => (iso ? duration(millis(iso)) : '–');
export const number = (n) => (n === undefined || n === null ? '–' : new Intl.NumberFormat('en').format(n));
export const percent = (share) => (share === undefined || share === null ? '–' : (share * 100).toFixed(share > 0.995 && share < 1 ? 2 : 1) + ' %');

/** '2026-11-20 19:04:05' in UTC: what stands in logs, whoever reads it wherever. */
export const stamp = (instant) => (instant ? instant.replace('T', ' ').replace(/(\.\d+)?Z$/, '') : '–');
/** '19:04:05.123', for lines that are milliseconds apart. */
export const clock = (instant) => (/T([\d:]{8})(\.\d{1,3})?/.exec(instant || '') || []).slice(1).map((x) => x || '.000').join('') || '–';

export const plural = (n, one, many = one + 's') => number(n) + ' ' + (n === 1 ? one : many);
