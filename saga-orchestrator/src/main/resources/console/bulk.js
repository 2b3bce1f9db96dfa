// One action for many sagas: looked at first, pinned, run at a rate, followed, and cancelled if need be.

import { address, curl, get, post, requestId } from './api.js';
import { ask, initial, members, questions, reasonField, reasonFits, refusal } from './dialog.js';
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
    this.known = await get('sagadefinitions');
    if (!this.state.step) this.state.step = params.step || (this.steps()[0] || '');
    await this.preview();
    return { preview: true };
  }

  visit(route) {
    this.route = route;
    if (route.id === 'new') this.redraw(); // at once, so that nothing is shown, or done, of the wish that it was before
    super.visit(route);
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

  /** What is asked about. What is known of another wish, as of another action on the same sagas, is not shown for this one. */
  get asked() {
    return JSON.stringify(this.wish({ dryRun: true, maxPerSecond: undefined }));
  }

  /** What is known of the wish as it is now: what a dry run answered, or that it was refused. */
  get shown() {
    return this.found && this.found.asked === this.asked ? this.found : {};
  }

  /** The write that was not answered. While the wish stays as it is, only that is sent again: it may have begun already. */
  get unanswered() {
    return this.sent && this.sent.asked === this.asked ? this.sent.body : null;
  }

  async preview() {
    const { asked } = this;
    if (this.busy || this.unanswered || !members(this.route.params.action, this.state)) return;
    const keep = (found) => { if (asked === this.asked) this.found = { asked, ...found }; };
    try {
      keep({ plan: await post('sagabulk', JSON.parse(asked)) });
    } catch (problem) {
      if (!problem.isRefusal) throw problem;
      keep({ problem });
    }
  }

  async run() {
    if (this.busy) return;
    const { asked } = this;
    const { plan } = this.shown;
    if (!this.unanswered && !plan) return;
    const body = this.unanswered || this.wish({ expectedCount: plan.count, reason: this.state.reason.trim(), requestId: this.request });
    this.busy = true;
    this.redraw();
    try {
      const bulk = await post('sagabulk', body);
      say(this.sent && this.sent.body !== body ? 'It had begun already, as it was wished first.' : 'The bulk has begun.');
      go('bulk', bulk.bulkId);
    } catch (problem) {
      this.sent = problem.isRefusal ? null : { asked, body };
      if (!this.sent) this.request = requestId();
      this.found = { asked, plan: this.sent && plan, problem };
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
    const { state } = this;
    const { plan, problem } = this.shown;
    const again = () => this.redraw();
    const later = () => { clearTimeout(this.asking); this.asking = setTimeout(() => this.refresh(), 200); };
    const will = plan ? Math.min(+state.limit || plan.count, plan.count) : 0;
    const why = this.may || (this.unanswered ? '' : !members(action, state) ? 'Answer the questions above.' : !plan ? 'Wait for the preview.' : !plan.count ? 'No saga matches.' : !reasonFits(state.reason) ? 'Give a reason of 3 to 500 characters.' : '');
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
        ] : h('p.soft', problem ? 'It could not be looked at.' : members(action, state) ? 'Looking …' : 'Answer the questions first.')),
        panel('How', h('form', { onsubmit: (e) => { e.preventDefault(); if (!why) this.run(); } },
          select('Action', { class: 'field', value: action, onchange: (e) => go('bulk', 'new', { ...params, action: e.target.value }) }, ['retry', 'compensate', 'skip', 'resolve'].map((each) => [each, label(each)])),
          questions(action, state, this.steps(), () => { again(); later(); }),
          h('div.row',
            h('label.field', 'At most', h('input', { type: 'number', min: '1', value: state.limit, placeholder: 'all', oninput: (e) => { state.limit = e.target.value; again(); later(); } })),
            h('label.field', 'A second', h('input', { type: 'number', min: '1', max: '1000', value: state.rate, oninput: (e) => { state.rate = e.target.value; again(); } }))),
          h('p.row', h('span.soft', 'Try'), ['1', '10', '100', ''].map((n) => h('button', { type: 'button', class: 'quiet', 'aria-pressed': String(state.limit === n), onclick: () => { state.limit = n; again(); later(); } }, n || 'all'))),
          reasonField(state, again), refusal(problem),
          h('div.row', h('button', { type: 'submit', class: (ACTIONS[action] || {}).grave ? 'grave' : 'primary', 'aria-disabled': why || this.busy ? 'true' : null }, this.busy ? 'Pinning …' : this.unanswered ? 'Press again' : `${label(action)} ${plural(will, 'saga')}`),
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
          bulk.state === 'RUNNING' && act('Cancel what is not done yet', this.may, () => ask('Cancel', 'Nothing more is begun. What was granted already stands.', 'sagabulk/' + id, () => this.refresh(), { grave: true, cancels: true }), 'grave'),
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
