// What the console calls things, in the words of the glossary. Pure.

/** What a state is to the eye: forward, undoing, stuck, done or undone. */
export const kindOf = (state) => ({
  COMPLETED: 'done', COMPENSATED: 'undone', COMPENSATING: 'undoing', STUCK: 'stuck' }[state] || 'forward');

/** 'PAYMENT_COMPLETED' → 'Payment completed' */
export const words = (name) => {
  const text = String(name || '').replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Why a saga can be stuck, and what that means; the runbook says what helps. */
export const STUCK = {
  OUTCOME_UNKNOWN: 'A step never answered, and neither direction would be safe, because it may have happened.',
  RETRIES_EXHAUSTED: 'A step failed as often as allowed, and cannot be undone instead, or must not be by its definition.',
  REFUSED: 'A step was refused, and its definition leaves it to a person what follows.',
  COMPENSATION_FAILED: 'A compensation was sent as often as allowed and is not done; what the step did stays done.',
  DEADLINE_PASSED_AFTER_PIVOT: 'The saga is past its point of no return, later than its deadline, and not done.',
  MESSAGE_DEAD_LETTERED: 'A command could not be handled by its participant, or its answer could not be read; it lies as a dead letter.',
  DEFINITION_MISSING: 'The version of the definition with which the saga started is not in this program, or is another there.',
  INVARIANT_BROKEN: 'What is stored of the saga cannot be what the program wrote, or a command could not be made of it.',
};
export const stuckMeans = (code) => STUCK[code] || 'It needs a person.';

/** A saga's state in one sentence. */
export function sentence(saga) {
  const at = saga.step ? ' at ' + saga.step : '';
  const who = saga.participant && saga.participant !== saga.step ? ' (' + saga.participant + ')' : '';
  const paused = saga.paused ? ' It is paused: nothing is sent until somebody resumes it.' : '';
  switch (kindOf(saga.state)) {
    case 'done': return 'Every step is done. It has ended.';
    case 'undone': return 'Nothing is left of it: what was done was undone. It has ended.';
    case 'stuck': return 'Stuck' + (saga.stuck && saga.stuck.step ? ' at ' + saga.stuck.step : at) + '. It needs a person. '
      + stuckMeans(saga.stuck && saga.stuck.code) + paused;
    case 'undoing': return 'It is being undone' + at + who + (saga.attempt > 1 ? ', attempt ' + saga.attempt : '') + '.' + paused;
    default: return 'It is on its way' + (at ? ', waiting for an answer' + at + who : '')
      + (saga.attempt > 1 ? ', attempt ' + saga.attempt : '') + '.' + paused;
  }
}

/** How far a step is: the kind for the eye, and words. */
export const STEP = {
  PENDING: ['none', 'not begun'], SENT: ['waiting', 'sent, no answer yet'], FAILED: ['waiting', 'failed, will be sent again'],
  UNKNOWN: ['stuck', 'unknown: it may have happened'], DONE: ['done', 'done'], REFUSED: ['refused', 'refused, nothing done'],
  SKIPPED: ['person', 'skipped by an operator'], COMPENSATING: ['undoing', 'being undone'],
  COMPENSATION_FAILED: ['undoing', 'undoing failed, will be sent again'], COMPENSATED: ['undone', 'undone'],
};

/** What a line of the log was caused by. */
export const OUTCOME = {
  STARTED: 'the saga was started', DONE: 'done', REFUSED: 'refused', FAILED: 'failed', TIMEOUT: 'no answer in time',
  RETRY: 'time to send again', DEADLINE: 'the deadline passed', CANCEL: 'cancellation was asked for', STUCK: 'nothing more can be done by itself',
  UNREADABLE: 'an answer that cannot be read', RETRIED: 'an operator retried', REVERSED: 'an operator compensated',
  SKIPPED: 'an operator skipped the step', RESOLVED_DONE: 'an operator resolved: it took effect',
  RESOLVED_NOT_DONE: 'an operator resolved: it did not take effect', PAUSED: 'an operator paused', RESUMED: 'an operator resumed',
  EXTENDED: 'an operator extended the deadline', DEFINITION_FOUND: 'a program has its definition again',
};

/** Outcomes that somebody who looks for the trouble wants to see. */
export const isTrouble = (outcome) => !['STARTED', 'DONE', 'NOTHING_TO_UNDO', 'DEFINITION_FOUND'].includes(outcome);

/** The actions: label, what it is for, and what it asks beside a reason. */
export const ACTIONS = {
  retry: { label: 'Retry', does: 'Send again what is not answered or failed, with all attempts anew.', moves: true },
  compensate: { label: 'Compensate', does: 'Undo what was done, and what may have been done.', moves: true, grave: true },
  skip: { label: 'Skip', does: 'Go on without the step; you have seen to it.', moves: true, grave: true, asks: ['step'] },
  resolve: { label: 'Resolve', does: 'Tell the saga what came of a command that you found out by other means.', moves: true, grave: true, asks: ['step', 'took'] },
  pause: { label: 'Pause', does: 'Send nothing more for this saga until it is resumed.' },
  resume: { label: 'Resume', does: 'Go on where it was paused.' },
  extend: { label: 'Extend', does: 'Give the saga more time before its deadline.', asks: ['by'] },
  note: { label: 'Note', does: 'Leave a note for whoever looks next.', asks: ['text'] },
  assign: { label: 'Assign', does: 'Say who looks after it.', asks: ['assignee'] },
  snooze: { label: 'Snooze', does: 'Take it out of the alarm until then. Nothing else changes.', asks: ['until'] },
  reveal: { label: 'Show personal data', does: 'Show what is hidden. That you looked is written to the audit.' },
};
export const label = (action) => (ACTIONS[action] || { label: words(action) }).label;

/** What came of one saga of a bulk, or of a wish. */
export const RESULT = {
  PENDING: ['waiting', 'not yet'], GRANTED: ['done', 'granted'], REFUSED: ['refused', 'refused'], GONE: ['none', 'no longer there'],
  OUTDATED: ['undone', 'changed meanwhile'], CANCELLED: ['paused', 'cancelled'], FAILED: ['stuck', 'failed'], PROPOSED: ['person', 'proposed, needs a second person'],
};
