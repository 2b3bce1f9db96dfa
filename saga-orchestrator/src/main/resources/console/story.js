// A saga's log as a story: what came in, what changed, what went out. Pure.

import { isTrouble } from './words.js';

/** What sends nothing, where the state stays as it is. */
const SILENT = ['EXTENDED', 'CANCEL', 'DEADLINE', 'PAUSED', 'RESUMED'];

const id = (step, direction, attempt) => step + ' ' + direction + ' ' + attempt;

/**
 * The log's lines with what else happened, in time order. Each has `at`, `incoming`, `change`, `outgoing` (an array)
 * and `trouble`. What a change sent is known by what was later answered; what was not answered is found by the steps.
 */
export function story(saga, definition) {
  const log = saga.log || [];
  const steps = new Map(((definition && definition.steps) || []).map((step) => [step.name, step]));
  const participant = (step) => (steps.get(step) || (saga.steps || []).find((each) => each.name === step) || {}).participant || step;
  const rows = log.map((line, i) => ({
    key: 'log' + line.seq, seq: line.seq, at: line.at, line, outgoing: [],
    trouble: isTrouble(line.outcome),
    incoming: incoming(line, participant),
    change: { from: line.from, to: line.to, detail: line.detail },
    i,
  }));
  const sender = (i, line) => {
    for (let k = i - 1; k >= 0 && line.attempt > 1; k--) {
      const earlier = log[k];
      if (earlier.outcome === 'RETRIED') return k; // an operator has everything sent again that is not answered
      if (earlier.step === line.step && (earlier.direction || line.direction) === line.direction && earlier.attempt === line.attempt - 1) return k;
    }
    const stage = steps.get(line.step) && steps.get(line.step).stage;
    let k = i - 1;
    while (k > 0 && log[k].from === log[k].to && SILENT.includes(log[k].outcome)) k--;
    while (k > 0 && stage !== undefined && steps.get(log[k].step) && steps.get(log[k].step).stage === stage
      && log[k].step !== line.step && log[k].direction === line.direction) k--;
    return Math.max(k, 0);
  };
  const sent = new Map();
  log.forEach((line, i) => {
    if (!line.step || !line.direction || !line.message || !line.attempt || i === 0) return;
    const name = id(line.step, line.direction, line.attempt);
    let command = sent.get(name);
    if (!command) {
      const row = rows[sender(i, line)];
      command = { command: line.message, step: line.step, direction: line.direction, attempt: line.attempt,
        participant: participant(line.step), sentAt: row.at };
      sent.set(name, command);
      row.outgoing.push(command);
    }
    command.position = line.commandPosition || command.position;
    if (line.outcome !== 'RETRY') {
      command.answeredAt = line.at;
      command.outcome = line.outcome;
      if (rows[i].incoming.kind === 'reply') rows[i].took = Date.parse(line.at) - Date.parse(command.sentAt);
    }
  });
  const last = rows[rows.length - 1];
  for (const step of saga.steps || []) {
    const back = step.status.startsWith('COMPENSAT');
    const open = ['SENT', 'COMPENSATING'].includes(step.status);
    const direction = back ? 'COMPENSATION' : 'ACTION';
    if (!open || !step.attempt || !last || sent.has(id(step.name, direction, step.attempt))) continue;
    const defined = steps.get(step.name) || {};
    last.outgoing.push({ command: (back ? defined.compensation : defined.action) || step.name, step: step.name, direction,
      attempt: step.attempt, participant: participant(step.name), sentAt: last.at });
  }
  for (const stale of saga.staleReplies || []) {
    rows.push({ key: 'stale' + stale.at + stale.replyPosition, at: stale.at, outgoing: [], trouble: true, stale: true,
      incoming: { kind: 'reply', from: participant(stale.step), title: (stale.outcome || '').toLowerCase(), step: stale.step,
        direction: stale.direction, attempt: stale.attempt, position: stale.replyPosition },
      change: { detail: stale.detail, nothing: 'stale: changes nothing' } });
  }
  const told = new Set(log.filter((line) => line.actor).map((line) => line.seq));
  for (const deed of saga.operatorActions || []) {
    if (deed.result === 'GRANTED' && told.has(deed.versionAfter)) continue; // it is a line of the log already
    rows.push({ key: 'deed' + deed.at + deed.requestId, at: deed.at, outgoing: [], trouble: deed.result !== 'GRANTED', deed,
      incoming: { kind: 'operator', from: deed.actor, title: deed.action, step: deed.step, says: deed.reason },
      change: { detail: deed.detail, nothing: deed.result === 'GRANTED' ? 'granted' : deed.result.toLowerCase() } });
  }
  return rows.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : (a.seq || 1e9) - (b.seq || 1e9)));
}

function incoming(line, participant) {
  if (line.actor) {
    return { kind: 'operator', from: line.actor, title: line.outcome, step: line.step };
  }
  if (line.outcome === 'STARTED') return { kind: 'request', from: 'request', title: line.message || 'STARTED', position: line.replyPosition || line.commandPosition };
  if (['TIMEOUT', 'DEADLINE', 'RETRY'].includes(line.outcome)) {
    return { kind: 'timer', from: 'timer', title: line.outcome, step: line.step, direction: line.direction, attempt: line.attempt, about: line.message };
  }
  return { kind: line.step && line.direction ? 'reply' : 'own', from: line.step ? participant(line.step) : 'saga', title: line.outcome,
    step: line.step, direction: line.direction, attempt: line.attempt, about: line.message, position: line.replyPosition };
}

/** The story as arrows between lanes: { lanes: [name], arrows: [{ from, to, text, kind, at }] } by lane number. */
export function sequence(rows) {
  const lanes = ['saga'];
  const lane = (name) => {
    if (!lanes.includes(name)) lanes.push(name);
    return lanes.indexOf(name);
  };
  const arrows = [];
  for (const row of rows) {
    const came = row.incoming;
    const words = String(came.title || '').toLowerCase().replaceAll('_', ' ');
    if (came.kind === 'reply') {
      arrows.push({ at: row.at, from: lane(came.from), to: 0, text: words + (row.stale ? ' (stale)' : ''), kind: row.stale ? 'stale' : row.trouble ? 'bad' : 'reply' });
    } else if (came.kind === 'operator') {
      arrows.push({ at: row.at, from: lane('operator'), to: 0, text: words, kind: 'person' });
    } else if (came.kind === 'timer') {
      arrows.push({ at: row.at, from: 0, to: 0, text: words + (came.step ? ': ' + came.step : ''), kind: 'bad' });
    } else if (row.incoming.kind === 'own') {
      arrows.push({ at: row.at, from: 0, to: 0, text: words, kind: 'bad' });
    }
    for (const command of row.outgoing) {
      arrows.push({ at: row.at, from: 0, to: lane(command.participant), text: command.command + (command.attempt > 1 ? ' #' + command.attempt : ''),
        kind: command.answeredAt ? (command.direction === 'COMPENSATION' ? 'undo' : 'command') : 'open' });
    }
  }
  return { lanes, arrows };
}
