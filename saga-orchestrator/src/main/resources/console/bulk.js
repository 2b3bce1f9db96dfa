// One action for many sagas: looked at first, pinned, run at a rate, followed, and cancelled if need be.

import { address, curl, del, get, post, requestId } from './api.js';
import { initial, members, questions, reasonField, reasonFits, refusal } from './dialog.js';
import { act, code, copy, facts, h, mark, panel, say, select, table } from './dom.js';
import { ago, number, plural, stamp } from './format.js';
import { stateOf } from './list.js';
import { Page } from './page.js';
import { go, link } from './route.js';
import { ACTIONS, label, RESULT, words } from './words.js';

const sign = (state) => mark({ RUNNING: 'forward', DONE: 'done', CANCELLED: 'paused' }[state] || 'none', words(state));
const progress = (bulk) => {
  const left = (bulk.counts || {}).PENDING || 0;
  const done = bulk.total - left;
  return h('div', h('progress', { max: bulk.total || 1, value: done, 'aria-label': `${number(done)} of ${number(bulk.total)}` }), h('small', `${number(done)} of ${number(bulk.total)}`));
};
const counts = (bulk) => Object.entries(bulk.counts || {}).filter(([, n]) => n).map(([result, n]) => mark((RESULT[result] || ['none'])[0], `${number(n)} ${(RESULT[result] || [0, result])[1]}`));

class Bulks extends Page {
  load() {
    return get('sagabulk');
  }

  render({ items }, now) {
    return [h('h1', 'Bulk'), h('p.lead', 'One action for many sagas. Begin with ', h('a', { href: '#/groups' }, 'a group'), ' or with a selection in ', h('a', { href: '#/sagas' }, 'the list'), '.'),
      table('Bulks', [
        ['Action', (b) => h('a', { href: link('bulk', b.bulkId) }, label(b.action))], ['State', (b) => sign(b.state)], ['Progress', progress], ['Results', counts],
        ['By', (b) => b.actor], ['Reason', (b) => b.reason], ['Begun', (b) => ago(b.createdAt, now)]], items, { key: (b) => b.bulkId, empty: 'None was run yet.' })];
  }
}

class Bulk extends Page {
  constructor() {
    super();
    this.request = requestId();
    this.state = { ...initial('', [], null), limit: '', rate: '20' };
  }

  async load({ id, params }) {
    if (id !== 'new') {
      const { cursor, result } = params;
      const bulk = await get('sagabulk/' + encodeURIComponent(id), { cursor, result });
      this.every = bulk.state === 'RUNNING' ? 1000 : 5000;
      return bulk;
    }
    this.every = 10_000;
    const definitions = this.known || await get('sagadefinitions');
    this.known = definitions;
    if (!this.state.step) this.state.step = params.step || (this.steps()[0] || '');
    await this.preview();
    return { preview: true };
  }

  steps() {
    const { definition, step } = this.route.params;
    return step ? [step] : [...new Set(this.known.definitions.filter((d) => !definition || d.name === definition).flatMap((d) => d.steps.map((each) => each.name)))];
  }

  wish(more) {
    const { action, ids, ...filters } = this.route.params;
    const { reason, ...others } = filters; // in a write, the reason is the operator's
    const wanted = ids ? { ids } : { ...others, stuckReason: reason };
    return { action, ...wanted, ...members(action, this.state), limit: this.state.limit ? +this.state.limit : undefined, maxPerSecond: +this.state.rate || undefined, ...more };
  }

  async preview() {
    const { action } = this.route.params;
    if (this.busy || !members(action, this.state)) return;
    try {
      this.plan = await post('sagabulk', this.wish({ dryRun: true }));
      this.problem = null;
    } catch (e) {
      if (!e.isRefusal) throw e;
      this.plan = null;
      this.problem = e;
    }
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    this.redraw();
    try {
      const bulk = await post('sagabulk', this.wish({ expectedCount: this.plan.count, reason: this.state.reason.trim(), requestId: this.request }));
      say('The bulk has begun.');
      go('bulk', bulk.bulkId);
    } catch (e) {
      this.problem = e;
      this.busy = false;
      this.redraw();
    }
  }

  render(data, now) {
    return this.route.id === 'new' ? this.form(now) : this.run1(data, now);
  }

  form(now) {
    const { params } = this.route;
    const { action, ids, ...filters } = params;
    const { state, plan } = this;
    const again = () => this.redraw();
    const ask = () => { clearTimeout(this.asking); this.asking = setTimeout(async () => { try { await this.preview(); } catch (e) { this.problem = e; } this.redraw(); }, 200); };
    const will = plan ? Math.min(+state.limit || plan.count, plan.count) : 0;
    const why = this.may || (!members(action, state) ? 'Answer the questions above.' : !plan ? 'Wait for the preview.' : !plan.count ? 'No saga matches.' : !reasonFits(state.reason) ? 'Give a reason of 3 to 500 characters.' : '');
    const body = plan && this.wish({ expectedCount: plan.count, reason: state.reason.trim(), requestId: this.request });
    return [
      h('h1', `${label(action)} many`),
      h('p.lead', ids ? `${plural(ids.split(',').length, 'selected saga')}.` : `All sagas with ${Object.entries(filters).map(([name, value]) => `${name} ${value}`).join(', ') || 'no filter'}.`, ' ', h('span.soft', (ACTIONS[action] || {}).does)),
      h('div.pair',
        panel('What would happen', plan ? [
          h('p.says', `${plural(plan.count, 'saga')} match${plan.count === 1 ? 'es' : ''}, ${number(plan.allowed)} of them can be ${{ retry: 'retried', compensate: 'compensated', skip: 'skipped', resolve: 'resolved' }[action] || 'acted on'} now.`),
          plan.secondPerson > 0 && h('p', mark('person', `${number(plan.secondPerson)} of them need a second person.`)),
          plan.oldest && h('p.soft', `The oldest is from ${ago(plan.oldest, now)}.`),
          (plan.sends || []).length > 0 && h('ul.plain', plan.sends.map((each) => h('li', h('span', h('strong', each.command), ` to ${each.participant}`), h('span.n', number(each.count))))),
          (plan.refused || []).map((each) => h('p', mark('refused', `${number(each.count)} refused: ${each.why}`))),
          table('Some of them', [['Order', (saga) => h('a', { href: link('sagas', saga.sagaId) }, code(saga.orderId))], ['State', stateOf], ['Step', (saga) => saga.step || '–'], ['Started', (saga) => ago(saga.startedAt, now)]], plan.sample || []),
        ] : h('p.soft', this.problem ? 'It could not be looked at.' : members(action, state) ? 'Looking …' : 'Answer the questions first.')),
        panel('How', h('form', { onsubmit: (e) => { e.preventDefault(); if (!why) this.run(); } },
          select('Action', { class: 'field', value: action, onchange: (e) => go('bulk', 'new', { ...params, action: e.target.value }) }, ['retry', 'compensate', 'skip', 'resolve'].map((each) => [each, label(each)])),
          questions(action, state, this.steps(), () => { this.redraw(); ask(); }),
          h('div.row',
            h('label.field', 'At most', h('input', { type: 'number', min: '1', value: state.limit, placeholder: 'all', oninput: (e) => { state.limit = e.target.value; again(); ask(); } })),
            h('label.field', 'A second', h('input', { type: 'number', min: '1', max: '1000', value: state.rate, oninput: (e) => { state.rate = e.target.value; again(); } }))),
          h('p.row', h('span.soft', 'Try'), ['1', '10', '100', ''].map((n) => h('button', { type: 'button', class: 'quiet', 'aria-pressed': String(state.limit === n), onclick: () => { state.limit = n; again(); ask(); } }, n || 'all'))),
          reasonField(state, again), refusal(this.problem),
          h('div.row', h('button', { type: 'submit', class: (ACTIONS[action] || {}).grave ? 'grave' : 'primary', 'aria-disabled': why || this.busy ? 'true' : null }, this.busy ? 'Pinning …' : `${label(action)} ${plural(will, 'saga')}`),
            h('span.soft', why || 'Exactly these are pinned before anything is done.')),
          body && h('details', h('summary', 'The same with curl'), h('pre', { tabindex: '0' }, curl('POST', 'sagabulk', body)), copy('Copy curl', curl('POST', 'sagabulk', body)))))),
    ];
  }

  run1(bulk, now) {
    const { params, id } = this.route;
    return [
      h('div.title', h('h1', `${label(bulk.action)} ${plural(bulk.total, 'saga')}`), sign(bulk.state)),
      facts([['Reason', bulk.reason], ['By', bulk.actor], ['Begun', ago(bulk.createdAt, now)], bulk.endedAt && ['Ended', stamp(bulk.endedAt)], ['Rate', `${number(bulk.maxPerSecond)} a second`], ['Bulk', code(bulk.bulkId)]]),
      h('div.panel', progress(bulk), h('div.row', counts(bulk)),
        h('div.row',
          bulk.state === 'RUNNING' && act('Cancel what is not done yet', this.may, async () => { try { await del('sagabulk/' + id); say('Cancelled.'); } catch (e) { say(e.message); } this.refresh(); }, 'grave'),
          h('a', { class: 'button', href: address(`sagabulk/${id}?format=csv`), download: `bulk-${id}.csv` }, 'Download as CSV'), copy('Copy curl', curl('GET', 'sagabulk/' + id)))),
      h('div.filters', select('Result', { value: params.result, onchange: (e) => go('bulk', id, { result: e.target.value }) }, [['', 'any'], ...Object.entries(RESULT).map(([name, [, text]]) => [name, text])])),
      table('Results', [
        ['Saga', (item) => h('a', { href: link('sagas', item.sagaId) }, code(item.sagaId))], ['Result', (item) => mark(...(RESULT[item.result] || ['none', item.result]))],
        ['State now', (item) => item.effective && words(item.effective)], ['Message', (item) => item.message], ['When', (item) => stamp(item.at)]],
      bulk.items || [], { key: (item) => item.sagaId, empty: 'None.' }),
      bulk.next && h('a', { class: 'button', href: link('bulk', id, { ...params, cursor: bulk.next }) }, 'More'),
    ];
  }
}

customElements.define('baton-bulks', Bulks);
customElements.define('baton-bulk', Bulk);
