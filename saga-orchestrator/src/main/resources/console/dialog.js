// The dialog in which an operator says what he wants, sees what would be sent, and then does it.

import { curl, now, post, query, requestId, send } from './api.js';
import { code, copy, h, mark, morphInto, say, select, table } from './dom.js';
import { plural } from './format.js';
import { ACTIONS, label, words } from './words.js';

/** Opens a modal dialog with a title; `draw()` makes its content and is called again by the returned function. */
export function modal(title, draw) {
  const body = h('div');
  const close = () => dialog.close();
  const dialog = h('dialog', { 'aria-label': title },
    h('div.top', h('h2', title), h('button', { type: 'button', class: 'quiet', onclick: close }, 'Close')), body);
  dialog.addEventListener('close', () => dialog.remove());
  const redraw = () => morphInto(body, h('div', draw(redraw, close)));
  document.body.append(dialog);
  redraw();
  dialog.showModal();
  const first = body.querySelector('input, textarea, select');
  if (first) first.focus();
  return redraw;
}

export const reasonFits = (text) => text.trim().length >= 3 && text.trim().length <= 500;

/** The field for the reason, which every write needs. */
export const reasonField = (state, redraw) => h('label', { class: 'field', key: 'reason' }, 'Reason, for the audit',
  h('textarea', { rows: '2', maxlength: '500', required: true, value: state.reason, placeholder: 'What you know, e.g. a ticket',
    oninput: (e) => { state.reason = e.target.value; redraw(); } }));

/** A refusal, with what the server says can be done instead. */
export const refusal = (problem) => problem && h('div', { class: 'notice stuck', role: 'alert', key: 'refusal' },
  mark('stuck', problem.status === 412 ? 'The saga has changed meanwhile' : problem.status ? 'Refused' : 'No answer'),
  h('p', problem.status ? problem.body.why || problem.message
    : 'Whether it was done is not known. Press again: it is the same request and takes effect once.'),
  (problem.body.errors || []).map((error) => error.detail !== problem.message && h('p', error.detail)),
  problem.body.allowedActions && h('p', 'Allowed now: ' + (problem.body.allowedActions.map((each) => label(each.action || each)).join(', ') || 'nothing') + '.'));

/** Commands that would be sent, in their order. */
export function commands(title, list) {
  if (!list || !list.length) return null;
  return h('div', h('h3', title), table(title, [
    ['#', (c) => c.order, 'n'], ['Command', (c) => h('strong', c.command)], ['Step', (c) => c.step],
    ['To', (c) => c.participant], ['Attempt', (c) => c.attempt, 'n'], ['Topic', (c) => code(c.topic)],
  ], list));
}

const AHEAD = [['1 hour', 3600e3], ['4 hours', 4 * 3600e3], ['1 day', 24 * 3600e3], ['1 week', 7 * 24 * 3600e3]];

/** Asks for what an action needs beside its reason; `state` takes it. Shared by one saga and by bulk. */
export function questions(action, state, steps, changed) {
  const asks = (ACTIONS[action] || {}).asks || [];
  const set = (name) => (e) => { state[name] = e.target.value; state.until = until(state.ahead); changed(); };
  return [
    asks.includes('step') && select('Step', { class: 'field', name: 'step', value: state.step, onchange: set('step') }, steps.map((step) => [step])),
    asks.includes('took') && h('fieldset', { key: 'took' }, h('legend', 'What did you find out?'),
      [['true', 'It took effect'], ['false', 'It did not take effect']].map(([value, text]) => h('label',
        h('input', { type: 'radio', name: 'took', value, checked: state.took === value, onchange: set('took') }), text))),
    asks.includes('by') && select('More time', { class: 'field', value: state.by, onchange: set('by') }, [['PT10M', '10 minutes'], ['PT1H', '1 hour'], ['PT4H', '4 hours'], ['P1D', '1 day']]),
    asks.includes('until') && select('Until', { class: 'field', value: state.ahead, onchange: set('ahead') }, AHEAD.map(([text], i) => [String(i), text])),
    asks.includes('assignee') && h('label', { class: 'field', key: 'assignee' }, 'Who; nobody if it is empty', h('input', { value: state.assignee, maxlength: '100', oninput: set('assignee') })),
    asks.includes('text') && h('label', { class: 'field', key: 'text' }, 'Note', h('textarea', { rows: '3', maxlength: '2000', value: state.text, oninput: set('text') })),
  ];
}

/** By the orchestrator's clock, and worked out once: the same wish again has to be the same. */
const until = (ahead) => new Date(now() + AHEAD[+ahead][1]).toISOString();

export const initial = (action, steps, who) => ({ reason: '', step: steps[0], took: null, by: 'PT1H', ahead: '0', until: until('0'), text: '', assignee: (who && who.user) || '' });

/** The members that an action needs beside its reason, or null while one is missing. */
export function members(action, state) {
  const asks = (ACTIONS[action] || {}).asks || [];
  if (asks.includes('took') && state.took === null) return null;
  if (asks.includes('text') && !state.text.trim()) return null;
  const all = { step: state.step, took: state.took === 'true', by: state.by, text: state.text.trim(), assignee: state.assignee.trim() };
  const given = Object.fromEntries(asks.filter((name) => name in all).map((name) => [name, all[name]]));
  if (asks.includes('until')) given.until = state.until;
  return given;
}

/**
 * Opens the dialog for an action on a saga. What it would send is shown before it can be confirmed. The request id is made
 * here, once, so pressing twice, or again after a silence, does it once. `done(answer)` is called when it was accepted.
 */
export function openAction(saga, action, steps, who, done) {
  const state = initial(action, steps, who);
  const request = requestId();
  const about = ACTIONS[action] || { label: words(action), does: '' };
  const path = 'sagas/' + saga.sagaId + '/' + action;
  let version = saga.version;
  let plan = null;
  let problem = null;
  let busy = false;
  let turn = 0;
  let timer;
  const body = () => ({ reason: state.reason.trim(), expectedVersion: version, requestId: request, ...members(action, state) });

  const preview = async () => {
    const mine = ++turn;
    plan = null;
    problem = null;
    if (!about.moves || !members(action, state)) return redraw();
    redraw();
    try {
      const answer = await post(path, { ...body(), requestId: undefined, reason: undefined, dryRun: true });
      if (mine === turn) plan = answer;
    } catch (e) {
      if (mine === turn) problem = e;
    }
    if (mine === turn) redraw();
  };

  const confirm = async (close) => {
    if (busy) return;
    const isRepeated = problem && !problem.status;
    if (!isRepeated) state.until = until(state.ahead); // from now on, and not from when the dialog was opened
    busy = true;
    problem = null;
    redraw();
    try {
      const answer = await post(path, body());
      close();
      say(answer.proposed ? answer.words || 'Proposed: somebody else has to wish the same.' : `${about.label}: accepted.`);
      done(answer);
    } catch (e) {
      problem = e;
      busy = false;
      redraw();
    }
  };

  const draw = (again, close) => {
    const ready = reasonFits(state.reason) && members(action, state) && (!about.moves || plan);
    const wants = !members(action, state) ? 'Answer the questions above.' : !reasonFits(state.reason) ? 'Give a reason of 3 to 500 characters.'
      : about.moves && !plan ? 'Wait for the dry run.' : '';
    return [
      h('p.soft', about.does),
      h('form', { onsubmit: (e) => { e.preventDefault(); if (ready) confirm(close); } },
        questions(action, state, steps, () => { clearTimeout(timer); timer = setTimeout(preview, 150); again(); }),
        reasonField(state, again),
        about.moves && h('div', { class: 'plan', 'aria-live': 'polite', key: 'plan' }, plan ? planned(plan)
          : problem || !members(action, state) ? null : h('p.soft', 'Asking what would be sent …')),
        refusal(problem),
        h('div.row',
          h('button', { type: 'submit', class: about.grave ? 'grave' : 'primary', 'aria-disabled': !ready || busy ? 'true' : null, 'aria-describedby': 'wants' },
            busy ? 'Sending …' : problem && !problem.status ? 'Press again' : about.label),
          problem && problem.status === 412 && h('button', { type: 'button', onclick: () => {
            version = problem.body.currentVersion || version;
            preview();
          } }, 'Look at it as it is now'),
          h('span', { class: 'soft', id: 'wants' }, busy ? '' : wants)),
        h('details', h('summary', 'The same with curl'), h('pre', { tabindex: '0' }, curl('POST', path, body())), copy('Copy curl', curl('POST', path, body()))))];
  };
  const redraw = modal(`${about.label}: order ${saga.orderId}`, draw);
  preview();
}

/** What a dry run answered, in words and as lists. */
function planned(plan) {
  return [
    h('p.says', plan.words || `${plural((plan.sends || []).length, 'command')} would be sent now.`),
    plan.needsSecondPerson && h('p', mark('person', 'It needs a second person: you propose it, and somebody else wishes the same.')),
    plan.from && plan.to && h('p.soft', [plan.from, plan.to, plan.end !== plan.to && plan.end].filter(Boolean).map(words).join(' → ')),
    commands('Sent now', plan.sends),
    plan.sends && !plan.sends.length && h('p.soft', 'Nothing is sent now.'),
    commands('Then, if all goes well', plan.later),
    (plan.unknownSteps || []).length > 0 && h('p', mark('stuck', `Unknown, treated as if it had happened: ${plan.unknownSteps.join(', ')}`)),
    (plan.pastPivot || []).length > 0 && h('p', mark('stuck', `Past the point of no return, stays done: ${plan.pastPivot.join(', ')}`)),
  ];
}

/** A dialog for a write that needs no dry run; `fields` asks for more than a reason, `more` gives it, `cancels` says it by DELETE. */
export function ask(title, says, path, done, { grave, cancels, fields = () => null, more = () => ({}) } = {}) {
  const state = { reason: '' };
  const id = requestId();
  let problem = null;
  let busy = false;
  modal(title, (redraw, close) => {
    const reason = state.reason.trim();
    const request = cancels ? ['DELETE', path + query({ reason })] : ['POST', path, { ...more(), reason, requestId: id }];
    const ready = reasonFits(state.reason);
    return [h('p.soft', says), h('form', { onsubmit: async (e) => {
      e.preventDefault();
      if (busy || !ready) return;
      busy = true;
      try {
        const answer = await send(...request);
        close();
        say(title + ': accepted.');
        done(answer);
      } catch (failure) {
        busy = false;
        problem = failure;
        redraw();
      }
    } }, fields(redraw), reasonField(state, redraw), refusal(problem),
    h('div.row', h('button', { type: 'submit', class: grave ? 'grave' : 'primary', 'aria-disabled': ready ? null : 'true' }, title), copy('Copy curl', curl(...request))))];
  });
}
