// What stays the same for a while: audit, definitions, holds.

import { get } from './api.js';
import { ask } from './dialog.js';
import { act, code, copy, facts, h, mark, select, table, when } from './dom.js';
import { number, period, plural, stamp } from './format.js';
import { flight } from './overview.js';
import { Page } from './page.js';
import { go, link } from './route.js';
import { ACTIONS, kindOf, label, words } from './words.js';

class Audit extends Page {
  load({ params }) {
    return get('sagaaudit', { limit: 50, ...params });
  }

  render({ items, next }) {
    const { params } = this.route;
    const given = ['actor', 'action', 'sagaId', 'since'].some((name) => params[name]);
    const set = (name) => (e) => go('audit', '', { ...params, cursor: '', [name]: e.target.value.trim() });
    const field = (name, title) => h('label', h('span', title), h('input', { name, value: params[name] || '', maxlength: '100', onchange: set(name) }));
    return [h('h1', 'Audit'), h('p.lead', 'Who wished for what, why, and what came of it. It can be added to and not changed.'),
      h('form', { class: 'filters', onsubmit: (e) => e.preventDefault() }, field('actor', 'Who'),
        select('Action', { value: params.action, onchange: set('action') }, [['', 'any'], ...Object.keys(ACTIONS).concat('hold', 'release', 'redrive', 'discard', ['retry', 'compensate', 'skip', 'resolve', 'cancel'].map((action) => 'bulk-' + action)).map((action) => [action, label(action)])]),
        field('sagaId', 'Saga'), field('since', 'Since (UTC)')),
      table('Audit', [
        ['When', (deed) => h('time', { datetime: deed.at }, stamp(deed.at))], ['Who', (deed) => deed.actor], ['What', (deed) => [label(deed.action), deed.step && ` ${deed.step}`, deed.bulkId && h('small', h('a', { href: link('bulk', deed.bulkId) }, 'in bulk'))]],
        ['Saga', (deed) => deed.sagaId && h('a', { href: link('sagas', deed.sagaId) }, code(deed.sagaId))], ['Reason', (deed) => deed.reason],
        ['Result', (deed) => [mark(deed.result === 'GRANTED' ? 'done' : 'refused', words(deed.result)), deed.detail && h('small', deed.detail)]],
        ['Version', (deed) => deed.versionBefore !== undefined && `${deed.versionBefore} → ${deed.versionAfter ?? deed.versionBefore}`]],
      items, { key: (deed) => deed.requestId + deed.at, empty: next ? 'None among those that were looked at. Look further.' : given ? 'No line is like that.' : 'Nobody has done anything yet.' }),
      next && h('a', { class: 'button', href: link('audit', '', { ...params, cursor: next }) }, 'Older')];
  }
}

class Definitions extends Page {
  load() {
    return get('sagadefinitions');
  }

  render({ definitions }) {
    return [h('h1', 'Definitions'), h('p.lead', 'What each kind of saga consists of. A saga keeps the version it started with.'),
      definitions.map((d) => h('section', { class: 'panel', key: d.name + d.version },
        h('h2', d.name, h('small', `version ${d.version}, ${d.current ? 'current' : 'no longer started'}`)), flight(d),
        facts([['Deadline', period(d.deadline)], ['Point of no return', d.pivot], ['Fingerprint', code(String(d.hash || '').slice(0, 12))],
          ['In flight', (d.inFlight || []).length ? d.inFlight.map((f, i) => [i ? ', ' : '', h('a', { href: link('sagas', '', { definition: d.name, step: f.step, state: f.state }) }, `${number(f.count)} ${f.step || ''} (`, mark(kindOf(f.state), words(f.state).toLowerCase()), ')')]) : 'none']]),
        table(`Steps of ${d.name} version ${d.version}`, [
          ['Step', (step) => h('strong', step.name)], ['Kind', (step) => words(step.kind)], ['Participant', (step) => step.participant], ['Action', (step) => step.action || 'given'], ['Compensation', (step) => step.compensation || '–'],
          ['Answer within', (step) => period(step.timeout), 'n'], ['Attempts', (step) => number(step.attempts), 'n'], ['Pause between', (step) => step.backoffBase && `${period(step.backoffBase)} to ${period(step.backoffCap)}`, 'n']], d.steps),
        d.mermaid && h('div.row', copy('Copy as Mermaid', d.mermaid))))];
  }
}

class Holds extends Page {
  async load() {
    const [holds, definitions] = await Promise.all([get('sagaholds'), get('sagadefinitions')]);
    return { ...holds, definitions: definitions.definitions };
  }

  render({ items, definitions }, now) {
    const { params } = this.route;
    const names = [...new Set(definitions.map((d) => d.name))];
    return [h('h1', 'Holds'), h('p.lead', 'While a hold stands, commands of its definition or step wait, and so does the clock of their sagas. Releasing sends them on, at a rate.'),
      h('div.row', act('Hold …', this.may, () => this.hold(names, definitions, params), 'primary')),
      table('Holds', [['Definition', (hold) => hold.definition], ['Step', (hold) => hold.step || 'all steps'], ['Commands waiting', (hold) => number(hold.heldCommands), 'n'], ['By', (hold) => hold.actor], ['Reason', (hold) => hold.reason], ['Since', (hold) => when(hold.since, now)],
        ['Release', (hold) => (hold.releasedAt ? mark('waiting', 'released, sending on') : act('Release …', this.may, () => ask(`Release ${hold.step || 'all steps'} of ${hold.definition}`, `Sends on what waits: ${plural(hold.heldCommands, 'command')}, at most 50 a second.`, `sagaholds/${hold.holdId}/release`, () => this.refresh(), { more: () => ({ maxPerSecond: 50 }) })))]],
      items, { key: (hold) => hold.holdId, empty: 'Nothing is held back.' })];
  }

  hold(names, definitions, params) {
    const state = { definition: params.definition || names[0], step: params.step || '' };
    const pick = (name, title, options, redraw) => select(title, { class: 'field', value: state[name], onchange: (e) => { state[name] = e.target.value; redraw(); } }, options);
    ask('Hold', 'From now on no command of it is sent until somebody releases the hold. What was sent already goes on.', 'sagaholds', () => this.refresh(), {
      grave: true,
      fields: (redraw) => [pick('definition', 'Definition', names.map((name) => [name]), redraw), pick('step', 'Step', [['', 'all steps'],
        ...new Set(definitions.filter((d) => d.name === state.definition).flatMap((d) => d.steps.map((step) => step.name)))].map((each) => (each.length === 2 && Array.isArray(each) ? each : [each])), redraw)],
      more: () => ({ definition: state.definition, step: state.step || undefined }),
    });
  }
}

customElements.define('baton-audit', Audit);
customElements.define('baton-definitions', Definitions);
customElements.define('baton-holds', Holds);
