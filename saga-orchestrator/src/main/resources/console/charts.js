// Small pictures of numbers. Each says in words what it shows.

import { h, s } from './dom.js';
import { clock, number, plural } from './format.js';

/** Orders per minute as bars: completed from below, compensated on top of them. */
export function throughput(points) {
  if (!points || !points.length) return h('p.empty', 'Nothing has ended in the last 30 minutes.');
  const most = Math.max(1, ...points.map((p) => Math.max(p.started || 0, (p.completed || 0) + (p.compensated || 0))));
  const [w, height] = [10, 64];
  const begin = Math.max(0, 30 - points.length) * w; // a young instance has fewer minutes; the newest is at the right
  const width = begin + points.length * w;
  const y = (n) => (n / most) * (height - 2);
  const total = (name) => points.reduce((sum, p) => sum + (p[name] || 0), 0);
  const says = `Last ${points.length} minutes: ${plural(total('started'), 'saga')} started, ${number(total('completed'))} completed, `
    + `${number(total('compensated'))} compensated; at most ${number(most)} in a minute.`;
  return h('figure.throughput',
    s('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': says },
      s('line', { class: 'axis', x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }),
      points.map((p, i) => [
        s('rect', { class: 'done', x: begin + i * w + 1.5, width: w - 3, y: height - 1 - y(p.completed || 0), height: y(p.completed || 0) }),
        s('rect', { class: 'undone', x: begin + i * w + 1.5, width: w - 3, y: height - 1 - y((p.completed || 0) + (p.compensated || 0)), height: y(p.compensated || 0) }),
      ]),
      s('polyline', { class: 'started', points: points.map((p, i) => (begin + i * w + w / 2) + ',' + (height - 1 - y(p.started || 0))).join(' ') })),
    h('figcaption',
      h('span.key.started', 'started'), h('span.key.done', 'completed'), h('span.key.undone', 'compensated'),
      h('span.soft', `${clock(points[0].at).slice(0, 5)} to ${clock(points[points.length - 1].at).slice(0, 5)} UTC, at most ${number(most)} a minute`)));
}

export const BUCKETS = [['<10s', '< 10 s', ''], ['<1m', '< 1 min', 'PT10S'], ['<5m', '< 5 min', 'PT1M'],
  ['<1h', '< 1 h', 'PT5M'], ['<1d', '< 1 d', 'PT1H'], ['older', 'older', 'P1D']];

/** How deep a cell's colour is, 0 to 5: each step is four times as many. Pure. */
export const depth = (count) => (count <= 0 ? 0 : Math.min(5, 1 + Math.floor(Math.log(count) / Math.log(4))));

/** Open sagas by step and age; `to(row, olderThan, youngerThan)` is where a number leads. */
export function heat(rows, to) {
  if (!rows || !rows.length) return h('p.empty', 'No saga is open.');
  const count = (row, bucket) => ((row.ages || []).find((age) => age.bucket === bucket) || { count: 0 }).count;
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Open sagas by step and age' },
    h('table.heat',
      h('caption.hidden', 'Open sagas by step and age'),
      h('thead', h('tr', h('th', { scope: 'col' }, 'Step'), BUCKETS.map(([, title]) => h('th', { scope: 'col', class: 'n' }, title)))),
      h('tbody', rows.map((row) => h('tr', { key: row.definition + ' ' + row.step },
        h('th', { scope: 'row' }, row.step, h('small', row.definition)),
        BUCKETS.map(([bucket, , olderThan], i) => {
          const n = count(row, bucket);
          return h('td', { class: 'n heat' + depth(n) }, n ? h('a', { href: to(row, olderThan, (BUCKETS[i + 1] || [])[2]) }, number(n)) : h('span.soft', '·'));
        }))))));
}

/** The saga's messages as arrows between lanes, from the top down. */
export function lanes({ lanes: names, arrows }, label) {
  const [each, row, top] = [138, 30, 36];
  const x = (lane) => 70 + lane * each;
  const width = 140 + (names.length - 1) * each + 60;
  const height = top + arrows.length * row + 20;
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': label },
    s('svg', { class: 'sequence', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label },
      names.map((name, i) => s('g',
        s('line', { class: 'lane', x1: x(i), x2: x(i), y1: 26, y2: height }),
        s('rect', { class: 'head', x: x(i) - 56, y: 1, width: 112, height: 25, rx: 5 }),
        s('text', { x: x(i), y: 18, 'text-anchor': 'middle', class: 'name' }, name.length > 15 ? name.slice(0, 14) + '…' : name))),
      arrows.map((a, i) => {
        const y = top + i * row + 20;
        const self = a.from === a.to;
        const [x1, x2] = [x(a.from), x(a.to)];
        const d = Math.sign(x2 - x1);
        return s('g', { class: 'message ' + a.kind },
          s('path', { d: self ? `M${x1} ${y - 8}h22v10h-20m5-4-5 4 5 4` : `M${x1} ${y}H${x2 - d}m${-6 * d} -4 ${6 * d} 4 ${-6 * d} 4` }),
          s('text', self ? { x: x1 + 28, y: y - 1 } : { x: (x1 < x2 ? x1 + 8 : x1 - 8), y: y - 5, 'text-anchor': x1 < x2 ? 'start' : 'end' }, a.text));
      })));
}
