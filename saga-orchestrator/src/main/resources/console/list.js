// Sagas by filter, a page at a time; what is selected can be acted on together.

import { get } from './api.js';
import { act, code, h, mark, select, table, when } from './dom.js';
import { ago, plural } from './format.js';
import { Page } from './page.js';
import { go, link } from './route.js';
import { kindOf, label, STUCK, words } from './words.js';

const AGES = [['PT10S', '10 s'], ['PT1M', '1 min'], ['PT5M', '5 min'], ['PT1H', '1 h'], ['P1D', '1 d']];
const SAVED = 'baton.filters';
const LIMIT = 50;

const saved = () => {
  try {
    return Object.entries(JSON.parse(localStorage.getItem(SAVED)) || {});
  } catch {
    return [];
  }
};
const keep = (filters) => {
  try {
    localStorage.setItem(SAVED, JSON.stringify(Object.fromEntries(filters)));
  } catch { /* a browser that keeps nothing */ }
};

export const stateOf = (saga) => [mark(kindOf(saga.state), words(saga.state)), saga.paused && mark('paused', 'paused')];

class List extends Page {
  constructor() {
    super();
    this.selected = new Set();
  }

  async load({ params }) {
    const [found, definitions] = await Promise.all([get('sagas', { limit: LIMIT, ...params }), this.known || get('sagadefinitions')]);
    this.known = definitions;
    return { ...found, definitions: definitions.definitions };
  }

  /** Changes one filter; another filter begins at the first page. */
  filter(name, value) {
    go('sagas', '', { ...this.route.params, cursor: '', [name]: value });
  }

  render({ items, next, definitions }, now) {
    const { params } = this.route;
    const { cursor, sort, ...filters } = params;
    const given = Object.keys(filters).length;
    const unique = (list) => [...new Set(list.filter(Boolean))];
    const steps = definitions.filter((d) => !params.definition || d.name === params.definition).flatMap((d) => d.steps);
    const states = unique(['STUCK', 'COMPENSATING', 'COMPENSATED', 'COMPLETED', ...definitions.flatMap((d) => (d.inFlight || []).map((f) => f.state)), 'STARTED']);
    const pick = (name, title, options) => select(title, { name, value: params[name], onchange: (e) => this.filter(name, e.target.value) }, [['', 'any'], ...options]);
    const type = (name, title) => h('label', { key: name }, h('span', title), h('input', { name, value: params[name] || '', maxlength: '100', onchange: (e) => this.filter(name, e.target.value.trim()) }));
    const all = items.length > 0 && items.every((saga) => this.selected.has(saga.sagaId));
    return [
      h('h1', 'Sagas'),
      h('form', { class: 'filters', onsubmit: (e) => e.preventDefault() },
        pick('state', 'State', [['OPEN', 'Open, whether stuck or not'], ...states.map((state) => [state, words(state)])]),
        pick('definition', 'Definition', unique(definitions.map((d) => d.name)).map((name) => [name])),
        pick('step', 'Step', unique(steps.map((step) => step.name)).map((name) => [name])),
        pick('reason', 'Stuck because', Object.keys(STUCK).map((code) => [code, words(code)])),
        pick('participant', 'Participant', unique(steps.map((step) => step.participant)).map((name) => [name])),
        pick('olderThan', 'Older than', AGES), pick('youngerThan', 'Younger than', AGES),
        type('error', 'Error code'), type('assignee', 'Looked after by'),
        pick('snoozed', 'Snoozed', [['true', 'yes'], ['false', 'no']]), pick('paused', 'Paused', [['true', 'yes'], ['false', 'no']]),
        type('q', 'Order, saga, customer'), type('traceId', 'Trace'),
        select('Order', { name: 'sort', value: sort || 'newest', onchange: (e) => this.filter('sort', e.target.value) }, [['newest', 'newest first'], ['oldest', 'oldest first']])),
      h('div.row',
        saved().map(([name, address]) => h('span', { class: 'chip', key: name }, h('a', { href: '#/sagas' + address }, name),
          h('button', { type: 'button', class: 'quiet', 'aria-label': 'Forget the filter ' + name, onclick: () => { keep(saved().filter(([other]) => other !== name)); this.redraw(); } }, '×'))),
        given > 0 && h('a', { href: '#/sagas' }, 'Clear the filters'),
        given > 0 && h('button', { type: 'button', class: 'quiet', onclick: () => {
          const name = prompt('A name for this filter');
          if (name) { keep([...saved(), [name.slice(0, 40), link('', '', { ...params, cursor: '' }).slice(2)]]); this.redraw(); }
        } }, 'Save this filter')),
      h('div', { class: 'row selection', role: 'group', 'aria-label': 'What is selected' },
        h('span', this.selected.size ? `${plural(this.selected.size, 'saga')} selected` : 'Select sagas to act on them together'),
        this.selected.size > 0 && ['retry', 'compensate', 'skip', 'resolve'].map((action) => act(`${label(action)} …`, this.may,
          () => go('bulk', 'new', { action, ids: [...this.selected].join(',') }))),
        this.selected.size > 0 && h('button', { type: 'button', class: 'quiet', onclick: () => { this.selected.clear(); this.redraw(); } }, 'Select none'),
        !this.selected.size && given > 0 && act('Act on all that match …', this.may, () => go('bulk', 'new', { action: 'retry', ...filters }), 'quiet')),
      table('Sagas', [
        [h('input', { type: 'checkbox', checked: all, 'aria-label': 'Select all on this page', onchange: (e) => {
          items.forEach((saga) => (e.target.checked ? this.selected.add(saga.sagaId) : this.selected.delete(saga.sagaId)));
          this.redraw();
        } }), (saga) => h('input', { type: 'checkbox', checked: this.selected.has(saga.sagaId), 'aria-label': `Select order ${saga.orderId}`, onchange: (e) => {
          (e.target.checked ? this.selected.add(saga.sagaId) : this.selected.delete(saga.sagaId));
          this.redraw();
        } }), 'tick'],
        ['Order', (saga) => h('a', { href: link('sagas', saga.sagaId) }, code(saga.orderId))],
        ['State', stateOf],
        ['Step', (saga) => [saga.step || '–', saga.attempt > 1 && h('small', `attempt ${saga.attempt}`)]],
        ['Why', (saga) => [saga.stuck && words(saga.stuck.code), saga.reason && h('small', saga.stuck ? 'undone: ' : '', words(saga.reason.code))]],
        ['Definition', (saga) => [saga.definition, h('span.soft', ' v' + saga.definitionVersion)]],
        ['Started', (saga) => when(saga.startedAt, now)],
        ['Changed', (saga) => when(saga.updatedAt, now)],
        ['Care', (saga) => [saga.assignee, saga.snoozedUntil && h('small', 'snoozed, ' + ago(saga.snoozedUntil, now)), saga.note && h('small', saga.note)]],
      ], items, { key: (saga) => saga.sagaId, empty: next ? 'None among those that were looked at. Look further.' : given ? 'No saga matches.' : 'There are no sagas yet.' }),
      h('div.row',
        cursor && h('a', { href: link('sagas', '', { ...params, cursor: '' }) }, 'First page'),
        next && h('a', { class: 'button', href: link('sagas', '', { ...params, cursor: next }) }, sort === 'oldest' ? 'Newer' : 'Older')),
    ];
  }
}

customElements.define('baton-list', List);
