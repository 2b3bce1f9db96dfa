// A definition as a picture: its steps in a row, the way back below (or, where it is narrow, beside) it.

import { s } from './dom.js';

/** How long a box is where boxes stand below one another, and where they stand side by side. */
const NARROW = 150;
const WIDE = 164;
const SHORT = 58;
const GAP = 34;
const END = 124;
/** How wide a letter of a name is. */
const LETTER = 8.3;

/**
 * Where everything stands. Pure: `at(step)` and `back(step)` give what is written into a step's and its compensation's
 * box, as { text, kind, href }; `stuck(step)` the same for what is stuck there.
 */
export function layout(definition, { vertical = false, at = () => ({}), back = () => ({}), stuck = () => null, ends = {} } = {}) {
  const long = vertical ? NARROW : WIDE;
  const stages = [];
  for (const step of definition.steps) {
    const stage = step.stage === undefined ? step.name : step.stage;
    const last = stages[stages.length - 1];
    if (last && last.stage === stage) last.steps.push(step);
    else stages.push({ stage, steps: [step] });
  }
  const place = (main, across, w, hgt) => (vertical ? { x: across, y: main, w, h: hgt } : { x: main, y: across, w, h: hgt });
  const [length, width] = vertical ? [SHORT, long] : [long, SHORT];
  const lanes = Math.max(1, ...stages.map(({ steps }) => steps.length));
  const backAt = lanes * (width + 14) + (vertical ? 8 : 26);
  const boxes = [];
  const arrows = [];
  let main = 0;
  let before = [];
  let undone = null;
  const middle = (box) => [box.x + box.w / 2, box.y + box.h / 2];
  const side = (box, end) => (vertical
    ? [box.x + box.w / 2, end ? box.y + box.h : box.y] : [end ? box.x + box.w : box.x, box.y + box.h / 2]);
  const outer = (box, end) => (vertical
    ? [end ? box.x + box.w : box.x, box.y + box.h / 2] : [box.x + box.w / 2, end ? box.y + box.h : box.y]);

  let pivot = null;
  for (const { steps } of stages) {
    const here = steps.map((step, lane) => {
      const box = { ...place(main, lane * (width + 14), vertical ? long : length, SHORT), kind: 'step', step,
        title: step.name, sub: step.action || 'given', stands: at(step), stuck: stuck(step) };
      boxes.push(box);
      return box;
    });
    for (const from of before) for (const to of here) arrows.push({ from: side(from, true), to: side(to, false) });
    const undoing = steps.filter((step) => step.compensation).map((step) => {
      const lane = steps.indexOf(step);
      const box = { ...place(main, backAt + lane * (width + 14), long, SHORT), kind: 'back', step,
        title: step.compensation, sub: 'undoes ' + step.name, stands: back(step) };
      boxes.push(box);
      arrows.push({ from: outer(here[lane], true), to: outer(box, false), kind: 'undo' });
      return box;
    });
    if (undoing.length) {
      if (undone) for (const from of undoing) for (const to of undone) arrows.push({ from: side(from, false), to: side(to, true), kind: 'undo' });
      undone = undoing;
    }
    if (steps.some((step) => step.kind === 'PIVOT')) pivot = main - GAP / 2;
    before = here;
    main += length + GAP;
  }
  const endSize = vertical ? [long, SHORT] : [END, SHORT];
  const end = { ...place(main, 0, ...endSize), kind: 'end done', title: 'Completed', stands: ends.completed || {} };
  boxes.push(end);
  for (const from of before) arrows.push({ from: side(from, true), to: side(end, false) });
  if (undone) {
    // The way back ends where it began: the end is drawn outside of the first step's compensation.
    const first = boxes.find((box) => box.kind === 'back');
    const box = vertical
      ? { x: first.x, y: first.y - SHORT - GAP, w: long, h: SHORT }
      : { x: first.x - END - GAP, y: first.y, w: END, h: SHORT };
    boxes.push({ ...box, kind: 'end undone', title: 'Compensated', stands: ends.compensated || {} });
    arrows.push({ from: side(first, false), to: vertical ? [box.x + box.w / 2, box.y + box.h] : [box.x + box.w, box.y + box.h / 2], kind: 'undo' });
  }
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  for (const box of boxes) [box.x, box.y] = [box.x - left + 2, box.y - top + 22];
  for (const arrow of arrows) {
    for (const point of [arrow.from, arrow.to]) [point[0], point[1]] = [point[0] - left + 2, point[1] - top + 22];
  }
  const full = { width: Math.max(...boxes.map((box) => box.x + box.w)) + 2, height: Math.max(...boxes.map((box) => box.y + box.h)) + 14 };
  const line = pivot === null ? null : vertical
    ? { x1: 0, x2: long + 4, y1: pivot - top + 22, y2: pivot - top + 22 }
    : { x1: pivot - left + 2, x2: pivot - left + 2, y1: 14, y2: SHORT + 40 };
  return { ...full, boxes, arrows, line, vertical, middle };
}

/** Draws a layout. The words for those who cannot see it are in `label`; counts with an address are links. */
export function draw(plan, label) {
  return s('svg', { class: 'diagram', viewBox: '0 0 ' + plan.width + ' ' + plan.height, width: plan.width, height: plan.height,
    role: 'group', 'aria-label': label },
  plan.line && s('g.pivot', s('line', plan.line),
    s('text', plan.vertical ? { x: NARROW + 10, y: plan.line.y1 + 4 } : { x: plan.line.x1 + 5, y: 11 }, 'point of no return')),
  plan.arrows.map(arrow), plan.boxes.map(box));
}

function arrow({ from: [x1, y1], to: [x2, y2], kind = '' }) {
  const straight = Math.abs(x1 - x2) < 1 || Math.abs(y1 - y2) < 1;
  const path = straight ? 'M' + x1 + ' ' + y1 + 'L' + x2 + ' ' + y2
    : 'M' + x1 + ' ' + y1 + 'C' + (x1 + x2) / 2 + ' ' + y1 + ' ' + (x1 + x2) / 2 + ' ' + y2 + ' ' + x2 + ' ' + y2;
  const [dx, dy] = straight ? [Math.sign(Math.round(x2 - x1)), Math.sign(Math.round(y2 - y1))] : [Math.sign(x2 - x1), 0];
  const head = 'M' + (x2 - 6 * dx - 4 * dy) + ' ' + (y2 - 6 * dy - 4 * dx) + 'L' + x2 + ' ' + y2
    + 'L' + (x2 - 6 * dx + 4 * dy) + ' ' + (y2 - 6 * dy + 4 * dx);
  return s('path', { class: 'arrow ' + kind, d: path + head });
}

const short = (text, most) => (text.length > most ? text.slice(0, most - 1) + '…' : text);

function box({ x, y, w, h, kind, title, sub, stands = {}, stuck, step }) {
  const pivot = step && step.kind === 'PIVOT' && kind === 'step';
  const linked = (part, href, says) => (href ? s('a', { href }, says && s('title', says), part) : s('g', part));
  const room = Math.floor((w - 20 - (sub && stands.text ? stands.text.length * 9 + 4 : 0)) / LETTER);
  return s('g', { class: 'box ' + kind + ' ' + (stands.kind || '') },
    linked([
      s('title', [title, sub, stands.says].filter(Boolean).join(', ')),
      s('rect', { x, y, width: w, height: h, rx: kind.startsWith('end') ? 20 : 6 }),
      pivot && s('rect', { class: 'inner', x: x + 3, y: y + 3, width: w - 6, height: h - 6, rx: 4 }),
      s('text', { class: 'name', x: x + 11, y: y + (stands.text || sub ? 22 : h / 2 + 5) }, short(title, room)),
      sub && s('text', { class: 'sub', x: x + 11, y: y + 42 }, short(sub, Math.floor((w - 16) / 6.3))),
      stands.text && s('text', { class: 'count', x: kind.startsWith('end') ? x + 11 : x + w - 11, y: kind.startsWith('end') ? y + 42 : y + 23,
        'text-anchor': kind.startsWith('end') ? 'start' : 'end' }, stands.text),
    ], stands.href),
    stuck && linked([
      s('rect', { class: 'badge', x: x + w - stuck.text.length * 7.6 - 32, y: y + h - 9, width: stuck.text.length * 7.6 + 28, height: 20, rx: 10 }),
      s('path', { class: 'warn', d: 'M' + (x + w - stuck.text.length * 7.6 - 18) + ' ' + (y + h - 4) + 'l5 9h-10z' }),
      s('text', { class: 'badged', x: x + w - 12, y: y + h + 5.5, 'text-anchor': 'end' }, stuck.text),
    ], stuck.href, stuck.says));
}
