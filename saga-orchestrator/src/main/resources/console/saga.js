// One saga: where it stands, how it came there, what can be done.

import { curl, get } from './api.js';
import { lanes } from './charts.js';
import { draw, layout } from './diagram.js';
import { ask, openAction } from './dialog.js';
import { act, code, copy, facts, h, icon, mark, panel, say as tell, table, when } from './dom.js';
import { ago, clock, duration, plural, stamp } from './format.js';
import { narrow } from './overview.js';
import { Page } from './page.js';
import { link } from './route.js';
import { sequence, story } from './story.js';
import { ACTIONS, isTrouble, kindOf, label, OUTCOME, sentence, STEP, words } from './words.js';

const VIEWS = { timeline: 'Timeline', sequence: 'Sequence', data: 'Data', raw: 'Raw' };
const HIDDEN = '•••';

class Saga extends Page {
  async load({ id }) {
    const [saga, definitions] = await Promise.all([get('sagas/' + encodeURIComponent(id)), this.known || get('sagadefinitions')]);
    this.known = definitions;
    return { ...saga, asOf: saga.asOf };
  }

  get definition() {
    return this.known.definitions.find((each) => each.name === this.data.definition && each.version === this.data.definitionVersion);
  }

  render(saga, now) {
    const { params, id } = this.route;
    const view = VIEWS[params.view] ? params.view : 'timeline';
    const rows = story(saga, this.definition);
    const kind = kindOf(saga.state);
    return [
      h('div.title', h('h1', 'Order ', code(saga.orderId)), mark(kind + ' large', words(saga.state)), saga.paused && mark('paused large', 'Paused')),
      h('p.lead', sentence(saga)),
      facts([
        ['Saga', code(saga.sagaId)], ['Definition', h('a', { href: '#/definitions' }, saga.definition), ` version ${saga.definitionVersion}`],
        ['Started', when(saga.startedAt, now)],
        ['Changed', when(saga.updatedAt, now), h('span.soft', ` to version ${saga.version}`)],
        saga.stuckSince && ['Stuck since', when(saga.stuckSince, now)], saga.error && ['Error', code(saga.error)],
        saga.dueAt && ['Looked at again', ago(saga.dueAt, now)],
        saga.reason && ['Undone because', `${words(saga.reason.code)} at ${saga.reason.step}: ${saga.reason.message}`],
        saga.assignee && ['Looked after by', saga.assignee], saga.snoozedUntil && ['Snoozed until', stamp(saga.snoozedUntil)], saga.note && ['Note', saga.note],
      ]),
      this.care(saga, rows),
      this.actions(saga),
      h('nav', { class: 'views', 'aria-label': 'Views of this saga' }, Object.entries(VIEWS).map(([name, title]) => h('a', {
        href: link('sagas', id, { ...params, view: name }), 'aria-current': name === view ? 'true' : null }, title))),
      h('div', { class: 'view', key: view }, this[view + 'View'](saga, rows, now)),
    ];
  }

  /** What is wrong, what was wished for, and whether that has come true. */
  care(saga, rows) {
    const wish = [...(saga.operatorActions || [])].filter((deed) => deed.result === 'GRANTED' && (ACTIONS[deed.action] || {}).moves && deed.versionAfter)
      .sort((a, b) => a.versionAfter - b.versionAfter).pop();
    const since = wish ? rows.filter((row) => row.seq > wish.versionAfter) : [];
    const then = since.find((row) => row.incoming.kind === 'reply' && !['FAILED', 'UNREADABLE'].includes(row.line.outcome));
    const ended = saga.state === 'COMPLETED' || saga.state === 'COMPENSATED';
    const tells = (row) => `${row.incoming.from}, ${OUTCOME[row.line.outcome] || words(row.line.outcome).toLowerCase()}`;
    return [
      saga.stuck && h('div', { class: 'notice stuck', key: 'stuck' }, mark('stuck', words(saga.stuck.code)),
        h('p', saga.stuck.message), h('a', { href: link('runbook', saga.stuck.code) }, 'What to do: runbook')),
      wish && h('div', { class: 'notice', key: 'wish', role: 'status' },
        then || ended ? [mark('done', `${label(wish.action)} by ${wish.actor} took effect`), then && h('p.soft', `Followed by: ${tells(then)}.`)]
          : saga.stuck && since.length ? [mark('stuck', `${label(wish.action)} by ${wish.actor} did not help`), h('p.soft', `The saga is stuck again. Last heard: ${tells(since.at(-1))}.`)]
            : [mark('waiting', `${label(wish.action)} by ${wish.actor} is accepted, not yet effective`), h('p.soft', `Waiting for ${saga.participant || saga.step || 'an answer'}.`, since.length > 0 && ` Until now: ${tells(since.at(-1))}.`)]),
      (saga.heldCommands || []).map((held) => h('div', { class: 'notice', key: 'held' + held.step }, mark('paused', `${held.command} is held back`),
        h('p', `By the hold ${held.hold}, since ${stamp(held.since)}. `, h('a', { href: '#/holds' }, 'Holds')))),
      (saga.deadLetters || []).map((letter) => h('div', { class: 'notice', key: letter.id }, mark('refused', 'Dead letter'),
        h('p', h('a', { href: link('deadletters', letter.id) }, code(letter.id)), ` ${letter.type || ''} ${words(letter.status).toLowerCase()}, ${stamp(letter.at)}`))),
    ];
  }

  actions(saga) {
    const all = saga.allowedActions || [];
    const steps = (action) => all.filter((each) => each.action === action && each.allowed && each.step).map((each) => each.step);
    const once = all.filter((each, i) => all.findIndex((other) => other.action === each.action && (other.allowed || !all.some((a) => a.action === each.action && a.allowed))) === i && each.action !== 'reveal');
    const open = (each) => openAction(saga, each.action, steps(each.action).length ? steps(each.action) : (saga.steps || []).map((step) => step.name), this.who, () => this.refresh());
    const main = once.filter((each) => (ACTIONS[each.action] || {}).moves);
    const first = main.find((each) => each.allowed);
    if (!once.length) return null;
    return panel('What can be done',
      h('ul.actions', main.map((each) => h('li', { key: each.action },
        act(`${label(each.action)} …`, this.may || (each.allowed ? '' : each.why || 'Not allowed now.'), () => open(each), each === first ? 'primary' : ''),
        h('p', { class: each.allowed ? '' : 'soft' }, each.allowed ? each.effect : each.why)))),
      h('div.row', once.filter((each) => !main.includes(each)).map((each) => act(`${label(each.action)} …`, this.may || (each.allowed ? '' : each.why || 'Not allowed now.'), () => open(each), 'quiet'))),
      this.may && h('p.soft', this.may));
  }

  timelineView(saga, rows, now) {
    const { params, id } = this.route;
    const only = params.failed === 'true';
    const shown = only ? rows.filter((row) => row.trouble) : rows;
    const begun = rows.length ? Date.parse(rows[0].at) : 0;
    return [
      this.picture(saga),
      h('div.row', h('a', { class: 'button', href: link('sagas', id, { ...params, failed: only ? '' : 'true' }) }, only ? 'Show everything' : 'Only what went wrong'),
        h('span.soft', `${shown.length} of ${plural(rows.length, 'line')}`),
        saga.traceId && h('span', 'Trace ', code(saga.traceId.slice(0, 16)), copy('Copy trace id', saga.traceId), h('a', { href: link('sagas', '', { traceId: saga.traceId }) }, 'sagas of this trace'))),
      h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Timeline' }, h('table.timeline',
        h('caption.hidden', 'Timeline: what came in, what changed, what went out'),
        h('thead', h('tr', ['Time', 'Incoming', 'Change', 'Outgoing'].map((title) => h('th', { scope: 'col' }, title)))),
        h('tbody', shown.map((row) => this.row(row, begun)),
          saga.dueAt && !only && h('tr', { key: 'due', class: 'ahead' }, h('td', when(saga.dueAt, now)), h('td', { colspan: '3' }, mark('waiting', 'If nothing is heard until then, the timer looks at it again.')))))),
      !shown.length && h('p.empty', 'Nothing went wrong.'),
      (saga.operatorActions || []).length > 0 && panel('Operators', table('What operators did', [
        ['When', (deed) => stamp(deed.at)], ['Who', (deed) => deed.actor], ['What', (deed) => [label(deed.action), deed.step && ` ${deed.step}`]],
        ['Reason', (deed) => deed.reason], ['Result', (deed) => [words(deed.result), deed.detail && h('small', deed.detail)]]], saga.operatorActions)),
    ];
  }

  row({ key, at, line, incoming: came, change, outgoing, trouble, took, stale, deed }, begun) {
    const sign = came.kind === 'operator' ? 'person' : came.kind === 'timer' ? 'waiting' : trouble ? 'refused' : came.kind === 'request' ? 'forward' : 'done';
    const title = OUTCOME[came.title] || words(came.title).toLowerCase();
    return h('tr', { key, class: (trouble ? 'trouble ' : '') + (stale ? 'stale' : '') },
      h('td', h('time', { datetime: at, title: stamp(at) }, clock(at)), h('small', '+' + duration(Date.parse(at) - begun))),
      h('td', { 'data-label': 'Incoming' }, h('span', { class: 'from ' + sign }, icon(sign), h('strong', came.from)), ' ',
        deed ? label(deed.action).toLowerCase() : came.kind === 'request' ? came.title : title,
        came.step && h('small', `${came.about || came.step}${came.direction === 'COMPENSATION' ? ', undoing' : ''}${came.attempt > 1 ? `, attempt ${came.attempt}` : ''}`),
        took !== undefined && h('small', `answered after ${duration(took)}`), came.says && h('small', came.says), came.position && h('small', code(came.position))),
      h('td', { 'data-label': 'Change' }, change.to ? (change.from === change.to ? h('span.soft', words(change.to))
        : [change.from && [h('span.soft', words(change.from)), ' → '], mark(kindOf(change.to), words(change.to))]) : h('span.soft', change.nothing),
        change.detail && h('small', change.detail)),
      h('td', { 'data-label': 'Outgoing' }, outgoing.map((command) => h('div', icon(command.direction === 'COMPENSATION' ? 'undoing' : 'forward'), ' ', h('strong', command.command), ` to ${command.participant}`,
        h('small', command.attempt > 1 && `attempt ${command.attempt}, `, !command.answeredAt ? mark('waiting', 'no answer yet')
          : command.outcome === 'TIMEOUT' ? mark('refused', 'not answered in time') : [isTrouble(command.outcome) ? `${OUTCOME[command.outcome] || words(command.outcome).toLowerCase()} ` : 'answered ', `after ${duration(Date.parse(command.answeredAt) - Date.parse(command.sentAt))}`]),
        command.position && h('small', code(command.position))))));
  }

  /** The definition's diagram with how far each step is. */
  picture(saga) {
    if (!this.definition) return null;
    const status = (step) => ((saga.steps || []).find((each) => each.name === step.name) || { status: 'PENDING' }).status;
    const back = (name) => name.startsWith('COMPENSAT');
    const say = (kind, text, says) => ({ kind: kind + ' lit', text, says });
    const plan = layout(this.definition, {
      vertical: narrow.matches,
      at: (step) => { const [kind, says] = STEP[status(step)] || ['none', status(step)]; return status(step) === 'PENDING' ? { says } : back(status(step)) ? say('done', '', 'was done') : say(kind, '', says); },
      back: (step) => (back(status(step)) ? say(STEP[status(step)][0], '', STEP[status(step)][1]) : {}),
      stuck: (step) => (saga.stuck && saga.stuck.step === step.name ? { text: 'stuck', says: 'stuck here' } : null),
      ends: { completed: saga.state === 'COMPLETED' ? { kind: 'done lit' } : {}, compensated: saga.state === 'COMPENSATED' ? { kind: 'undone lit' } : {} },
    });
    return h('div', h('div', { class: 'scroll drawing', role: 'region', tabindex: '0', 'aria-label': 'How far each step is' }, draw(plan, 'How far each step is')),
      h('ul.steps', (saga.steps || []).map((step) => h('li', h('strong', step.name), mark(...(STEP[step.status] || ['none', step.status])), step.attempt > 1 && h('small', `attempt ${step.attempt}`), step.lag > 0 && h('small', `its participant has ${plural(step.lag, 'record')} to read`)))));
  }

  sequenceView(saga, rows) {
    return [lanes(sequence(rows), 'Sequence of commands and answers; the timeline has the same in words'),
      h('div.row', saga.sequence && copy('Copy as Mermaid', saga.sequence), saga.diagram && copy('Copy the definition as Mermaid', saga.diagram))];
  }

  dataView(saga) {
    const hidden = saga.dataHidden || [];
    const reveal = (saga.allowedActions || []).find((each) => each.action === 'reveal');
    return [
      h('p.soft', hidden.length ? `What the saga knows. ${plural(hidden.length, 'field')} with personal data ${hidden.length === 1 ? 'is' : 'are'} hidden (${HIDDEN}).` : 'What the saga knows; nothing in it is hidden.'),
      h('pre', { tabindex: '0' }, JSON.stringify(this.seen || saga.data || {}, null, 2)),
      h('div.row', this.seen ? h('button', { type: 'button', onclick: () => { this.seen = null; this.redraw(); } }, 'Hide again')
        : hidden.length > 0 && act('Show personal data …', this.may || (reveal && !reveal.allowed ? reveal.why : ''), () => ask('Show', ACTIONS.reveal.does, `sagas/${saga.sagaId}/reveal`, (answer) => {
          if (!answer.data) tell('It was shown once under this request; ask anew to see it.');
          this.seen = answer.data; // forgotten when the page is left
          this.redraw();
        }, { more: () => ({ expectedVersion: saga.version }) }))),
    ];
  }

  rawView(saga) {
    const text = JSON.stringify(saga, null, 2);
    return [h('div.row', copy('Copy JSON', text), copy('Copy curl', curl('GET', 'sagas/' + saga.sagaId))), h('pre', { tabindex: '0' }, text)];
  }
}

customElements.define('baton-saga', Saga);
