// Records that could not be handled: looked at, sent again, or given up.

import { get } from './api.js';
import { ask } from './dialog.js';
import { act, code, facts, h, mark, table } from './dom.js';
import { ago, number, stamp } from './format.js';
import { Page } from './page.js';
import { link } from './route.js';
import { words } from './words.js';

/** Where it is told that a saga got stuck; those are seen to as sagas. */
const NOTICES = 'saga.dead-letters';

const sign = (status) => mark({ NEW: 'refused', REDRIVEN: 'done', DISCARDED: 'none' }[status] || 'none', words(status));

class DeadLetters extends Page {
  load({ params }) {
    return get('deadletters', { limit: 50, ...params });
  }

  render({ items, next, counts = {} }, now) {
    const { params } = this.route;
    return [h('h1', 'Dead letters'), h('p.lead', 'Records that could not be handled, put aside with their origin.'),
      h('div.views', [['', 'All'], ['NEW', 'New'], ['REDRIVEN', 'Redriven'], ['DISCARDED', 'Discarded']].map(([status, title]) => h('a', {
        href: link('deadletters', '', { ...params, topic: params.topic === NOTICES ? '' : params.topic, cursor: '', status }), 'aria-current': params.topic !== NOTICES && (params.status || '') === status ? 'true' : null }, title, counts[status] ? h('span.tally', number(counts[status])) : null)),
        h('a', { href: link('deadletters', '', { topic: NOTICES }), 'aria-current': params.topic === NOTICES ? 'true' : null }, 'Notices of stuck sagas')),
      table('Dead letters', [
        ['Message', (each) => h('a', { href: link('deadletters', each.id) }, each.type || 'unknown type')], ['Status', (each) => sign(each.status)], ['Reason', (each) => each.reason],
        ['From', (each) => code(each.origin)], ['Order', (each) => each.sagaId ? h('a', { href: link('sagas', each.sagaId) }, code(each.orderId || each.sagaId)) : each.orderId || each.key], ['Since', (each) => ago(each.at, now)], ['Bytes', (each) => number(each.bytes), 'n']],
      items, { key: (each) => each.id, empty: 'No record was put aside.' }),
      next && h('a', { class: 'button', href: link('deadletters', '', { ...params, cursor: next }) }, 'Older')];
  }
}

class DeadLetter extends Page {
  load({ id }) {
    return get('deadletters/' + encodeURIComponent(id));
  }

  render(letter) {
    const path = 'deadletters/' + letter.id;
    const why = (action) => this.may || ((letter.allowedActions || []).find((each) => each.action === action && !each.allowed) || {}).why;
    return [h('div.title', h('h1', letter.type || 'Dead letter'), sign(letter.status)),
      h('p.lead', letter.reason),
      facts([['From', code(letter.origin)], ['Lies at', code(letter.id)], ['Since', stamp(letter.at)], ['Key', letter.key], letter.sagaId && ['Saga', h('a', { href: link('sagas', letter.sagaId) }, code(letter.sagaId))], ['Bytes', number(letter.bytes)], letter.settledAt && [words(letter.status), `${stamp(letter.settledAt)} by ${letter.settledBy}: ${letter.settledWhy}`]]),
      h('div.row',
        act('Redrive …', why('redrive'), () => ask('Redrive', 'Sends the record again to the topic it came from, with its original headers. If it is stale by now, it changes nothing.', path + '/redrive', () => this.refresh()), 'primary'),
        act('Discard …', why('discard'), () => ask('Discard', 'Gives the record up. It stays here to be read, and nobody is reminded of it; it can still be redriven.', path + '/discard', () => this.refresh(), { grave: true })),
        h('span.soft', why('redrive'))),
      h('h2', 'Headers'), table('Headers', [['Name', ([name]) => name], ['Value', ([, value]) => code(value)]], Object.entries(letter.headers || {}), { empty: 'None.' }),
      h('h2', 'Body'), h('pre', { tabindex: '0' }, letter.body || letter.bodyBase64 || '(empty)')];
  }
}

customElements.define('baton-deadletters', DeadLetters);
customElements.define('baton-deadletter', DeadLetter);
