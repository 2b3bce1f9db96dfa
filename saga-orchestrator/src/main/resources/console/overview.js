// All sagas at a glance: where they are, how many get through, what needs somebody.

import { get } from './api.js';
import { depth, heat, throughput } from './charts.js';
import { draw, layout } from './diagram.js';
import { facts, h, mark, panel } from './dom.js';
import { coarse, duration, millis, number, percent, plural } from './format.js';
import { Page } from './page.js';
import { link } from './route.js';
import { kindOf, stuckMeans, words } from './words.js';

export const narrow = matchMedia('(max-width: 760px)');
const sum = (list, by = (each) => each.count) => list.reduce((total, each) => total + (by(each) || 0), 0);

/** The diagram of a definition with what is in flight in it. */
export function flight(definition, ends = {}) {
  const of = (step, test) => sum((definition.inFlight || []).filter((f) => f.step === step.name && test(kindOf(f.state))));
  const filter = (step, more) => link('sagas', '', { definition: definition.name, step: step.name, ...more });
  /** The state in which sagas wait for the step, if there is one only. */
  const forward = (step) => {
    const states = [...new Set((definition.inFlight || []).filter((f) => f.step === step.name && kindOf(f.state) === 'forward').map((f) => f.state))];
    return states.length === 1 ? states[0] : '';
  };
  const count = (n, kind, href, says) => (n ? { text: number(n), kind, href, says: `${plural(n, 'saga')} ${says}` } : { says: 'nobody here' });
  const plan = layout(definition, {
    vertical: narrow.matches,
    at: (step) => count(of(step, (kind) => kind === 'forward'), 'forward', filter(step, { state: forward(step) }), 'wait here'),
    back: (step) => count(of(step, (kind) => kind === 'undoing'), 'undoing', filter(step, { state: 'COMPENSATING' }), 'being undone here'),
    stuck: (step) => {
      const n = of(step, (kind) => kind === 'stuck');
      return n ? { text: number(n), href: filter(step, { state: 'STUCK' }), says: `${plural(n, 'saga')} stuck at ${step.name}` } : null;
    },
    ends,
  });
  return h('div', { class: 'scroll drawing', role: 'region', tabindex: '0', 'aria-label': 'Diagram of ' + definition.name },
    draw(plan, `${definition.name}: ${definition.steps.map((step) => step.name).join(', then ')}`));
}

const figure = (title, value, under, kind) => h('div', { class: 'figure ' + (kind || '') },
  h('dt', title), h('dd', h('strong', value), h('small', under)));

class Overview extends Page {
  async load() {
    const [stats, definitions] = await Promise.all([get('sagastats'), get('sagadefinitions')]);
    this.dispatchEvent(new CustomEvent('heard', { bubbles: true, detail: { asOf: stats.asOf, stats } }));
    return { asOf: stats.asOf, stats, definitions: definitions.definitions };
  }

  render({ stats, definitions }, now) {
    const per = stats.definitions || [];
    const snoozed = sum(stats.stuck || [], (each) => each.snoozed);
    const stuck = sum(stats.stuck || []) - snoozed;
    const open = sum(per, (each) => each.open);
    const oldest = per.map((each) => each.oldestMoving).filter(Boolean).sort()[0];
    const ended = sum(per, (each) => (each.completed || 0) + (each.compensated || 0));
    const minutes = (stats.throughput || []).slice(-6, -1);
    const rate = minutes.length ? sum(minutes, (m) => (m.completed || 0) + (m.compensated || 0)) / minutes.length : 0;
    const last = per.length === 1 ? per[0] : [...per].sort((a, b) => (b.started || 0) - (a.started || 0))[0];
    return [
      h('h1', 'Overview'),
      h('dl.figures',
        figure('Need a person', number(stuck), stuck || snoozed ? h('a', { href: '#/groups' }, 'by cause', snoozed > 0 && `, ${number(snoozed)} snoozed`) : 'nothing is stuck', stuck ? 'stuck' : ''),
        figure('On their way', number(open), oldest ? 'oldest ' + coarse(now - Date.parse(oldest)) : 'none is open'),
        figure('Ended per minute', rate >= 10 ? number(Math.round(rate)) : rate.toFixed(1), 'mean of 5 minutes'),
        figure('Completed', ended ? percent(sum(per, (each) => each.completed) / ended) : '–', `of ${plural(ended, 'saga')} that ended`),
        last && last.durations && figure('Half are done in', duration(last.durations.p50), `99 % in ${duration(last.durations.p99)}`)),
      definitions.filter((definition) => definition.current || (definition.inFlight || []).length).map((definition) => {
        const counts = per.find((each) => each.definition === definition.name) || {};
        return h('section', { class: 'panel', key: definition.name + definition.version },
          h('h2', h('a', { href: link('definitions') }, definition.name), h('small', `version ${definition.version}${definition.current ? '' : ', no longer started'}`)),
          flight(definition, !definition.current ? {} : {
            completed: { text: number(counts.completed), href: link('sagas', '', { definition: definition.name, state: 'COMPLETED' }), says: 'ended completed' },
            compensated: { text: number(counts.compensated), href: link('sagas', '', { definition: definition.name, state: 'COMPENSATED' }), says: 'ended with everything undone' },
          }),
          definition.current && counts.durations && this.figures(counts, stats));
      }),
      h('div.pair',
        h('div', panel('Throughput', throughput(stats.throughput)), panel('Stuck, by reason', this.reasons(stats.stuck || []))),
        h('div', panel('Signals', this.signals(stats.system || {})),
          panel('Open sagas, by step and age', heat(stats.heat, (row, olderThan, youngerThan) => link('sagas', '', { state: 'OPEN', definition: row.definition, step: row.step, olderThan, youngerThan, sort: 'oldest' }))))),
    ];
  }

  figures(counts, stats) {
    const undone = counts.compensationsByStep || [];
    return h('div.line', facts([
      ['Completion', percent(counts.completionRate)],
      ['Mean', duration(counts.durations.mean)],
      ['p50', duration(counts.durations.p50)],
      ['p95', duration(counts.durations.p95)],
      ['p99', duration(counts.durations.p99)],
      counts.unknownMillis && ['Unknown for', duration(counts.unknownMillis)],
      counts.paused && ['Paused', h('a', { href: link('sagas', '', { paused: 'true' }) }, number(counts.paused))],
      undone.length && ['Undone because of', undone.slice(0, 4).map((each, i) => [i ? ', ' : '', h('a', {
        href: link('sagas', '', { error: each.code, state: 'COMPENSATED' }) }, `${each.step}: ${words(each.code).toLowerCase()}`), ' ', h('span.soft', number(each.count))])],
    ]), stats.window && h('p.soft', `Of the last ${plural(stats.window.sagas, 'saga')}.`));
  }

  reasons(stuck) {
    if (!stuck.length) return h('p.empty', mark('done', 'Nothing is stuck.'));
    const most = Math.max(...stuck.map((each) => each.count));
    return h('ul.bars', [...stuck].sort((a, b) => b.count - a.count).map((each) => h('li', { key: each.reason },
      h('a', { href: link('groups', '', { reason: each.reason }) }, words(each.reason)), h('span.n', number(each.count)),
      h('meter', { min: '0', max: String(most), value: each.count, 'aria-label': `${number(each.count)} ${words(each.reason)}` }),
      h('p.soft', stuckMeans(each.reason), ' ', h('a', { href: link('runbook', each.reason) }, 'Runbook', h('span.hidden', ' for ', words(each.reason)))))));
  }

  signals(system) {
    const lag = (system.consumerLag || []).filter((each) => each.lag > 0).sort((a, b) => b.lag - a.lag);
    const total = sum(lag, (each) => each.lag);
    const letters = (system.deadLetters || {}).NEW || 0;
    const outboxAge = millis(system.outboxOldestAge);
    const sign = (bad, name, value, more) => h('li', mark(bad ? 'stuck' : 'done', name), h('span.n', value), more && h('p.soft', more));
    return h('ul.signals',
      sign(!system.instances, 'Instances', number(system.instances)),
      sign(system.timersOverdue > 0, 'Timers overdue', number(system.timersOverdue)),
      sign(outboxAge > 10_000, 'Outbox', number(system.outboxPending), system.outboxPending ? `oldest ${Number.isNaN(outboxAge) ? '–' : duration(outboxAge)}` : null),
      sign(depth(total) > 4, 'Consumer lag', number(total), lag.slice(0, 3).map((each) => `${each.group} in ${each.topic}: ${number(each.lag)}`).join('; ')),
      sign(letters > 0, h('a', { href: '#/deadletters' }, 'Dead letters'), number(letters)),
      sign(system.holds > 0, h('a', { href: '#/holds' }, 'Holds'), number(system.holds)));
  }
}

customElements.define('baton-overview', Overview);
