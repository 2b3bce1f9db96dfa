// Nodes, made of data. Whatever comes from outside becomes text or an attribute's value, never markup.

import { ago, stamp } from './format.js';

const SVG = 'http://www.w3.org/2000/svg';
const HANDLERS = ['onclick', 'onchange', 'oninput', 'onsubmit', 'onkeydown'];
const SAFE = /^(#|https?:|blob:)/;

/** An element, as h('div.row', { key: 1 }, children); falsy children are left out, `key` finds it again, `on…` are functions. */
export const h = (tag, ...rest) => fill((name) => document.createElement(name), tag, rest);
/** The same for SVG. */
export const s = (tag, ...rest) => fill((name) => document.createElementNS(SVG, name), tag, rest);

function fill(create, tag, children) {
  const [name, ...classes] = tag.split('.');
  const node = create(name);
  const props = children[0] && Object.getPrototypeOf(children[0]) === Object.prototype ? children.shift() : {};
  if (classes.length) node.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'key' || name.startsWith('on') || name === 'value' || name === 'checked') node[name] = value;
    else if (name === 'href' && !SAFE.test(value)) throw new Error('Not an address of the console: ' + value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  append(node, children);
  if (node.nodeName === 'SELECT') node.value = props.value || '';
  return node;
}

function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child instanceof Node) node.append(child);
    else if (child !== undefined && child !== null && child !== false && child !== '') node.append(String(child));
  }
}

/** Makes the content of `old` look like `fresh`, keeping nodes, so that focus, selection and open details stay. */
export function morphInto(old, fresh) {
  const wanted = new Set([...fresh.childNodes].map((child) => child.key));
  const keyed = new Map();
  for (const child of [...old.childNodes]) {
    if (child.key === undefined) continue;
    if (wanted.has(child.key)) keyed.set(child.key, child);
    else child.remove(); // first, so that what stands behind it stays where it is, with its focus
  }
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const match = next.key === undefined ? at : keyed.get(next.key);
    if (match && match.nodeName === next.nodeName && match.key === next.key) {
      if (match === at) at = at.nextSibling;
      else if (old.moveBefore) old.moveBefore(match, at); // keeps its focus
      else old.insertBefore(match, at);
      morph(match, next);
    } else {
      old.insertBefore(next, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function morph(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !(name === 'open' && old.nodeName === 'DETAILS')) {
      old.setAttribute(name, value);
    }
  }
  for (const handler of HANDLERS) if (old[handler] !== fresh[handler]) old[handler] = fresh[handler];
  const value = fresh.value;
  morphInto(old, fresh);
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(old.nodeName)) {
    if (old.type === 'checkbox' || old.type === 'radio') old.checked = fresh.checked;
    // What is being typed is not touched; what was chosen stands in the address.
    else if ((old !== document.activeElement || old.nodeName === 'SELECT') && old.value !== value) old.value = value;
  }
}

const ICONS = {
  forward: 'M2.5 6h7M6.5 3l3 3-3 3',
  undoing: 'M9.5 6h-7M5.5 3l-3 3 3 3',
  stuck: 'M6 1.2 11.3 10.6H.7ZM6 4.6v2.6M6 8.8v.2',
  done: 'M2 6.4 4.8 9.2 10 3',
  undone: 'M10 9.6V6.4a2.4 2.4 0 0 0-2.4-2.4H2.2M4.6 1.6 2.2 4l2.4 2.4',
  paused: 'M4 2.5v7M8 2.5v7',
  waiting: 'M6 1.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6M6 3.4V6l2 1.4',
  refused: 'M2.8 2.8l6.4 6.4M9.2 2.8 2.8 9.2',
  none: 'M3 6h6',
  person: 'M6 5.6a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4M1.6 11c.4-2.6 2-3.8 4.4-3.8s4 1.2 4.4 3.8',
};

/** A small sign that goes with a word and never stands for it. */
export const icon = (name) => s('svg', { class: 'icon', viewBox: '0 0 12 12', 'aria-hidden': 'true' },
  s('path', { d: ICONS[name] || ICONS.none }));

/** A sign and a word in the colour of a kind: forward, undoing, stuck, done, undone, paused, waiting, refused. */
export const mark = (kind, text) => h('span', { class: 'mark ' + kind }, icon(kind.split(' ')[0]), text);

/** A table; columns are [title, cell, class?], where cell makes content from a row. */
export function table(caption, columns, rows, { key, empty, rowClass } = {}) {
  if (!rows.length && empty) return h('p.empty', empty);
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': caption }, h('table',
    h('caption.hidden', caption),
    h('thead', h('tr', columns.map(([title, , kind]) => h('th', { scope: 'col', class: kind }, title)))),
    h('tbody', rows.map((row) => h('tr', { key: key && key(row), class: rowClass && rowClass(row) },
      columns.map(([title, cell, kind]) => h('td', { class: kind, 'data-label': typeof title === 'string' ? title : '' },
        cell(row))))))));
}

/** Words and what they stand for, one below the other. */
export const facts = (pairs) => h('dl.facts', pairs.filter((pair) => pair && pair[1]).map(
  ([name, ...value]) => h('div', h('dt', name), h('dd', value))));

export const code = (text) => h('code', text);

/** An instant as its age; the instant itself is its title. */
export const when = (instant, now) => instant && h('time', { datetime: instant, title: stamp(instant) }, ago(instant, now));

/** A choice; options are [value, text]. What is chosen is offered even if it is not among them. */
export const select = (title, props, options) => h('label', { key: title, class: props.class }, h('span', title), h('select', { ...props, class: null },
  [...options, ...(options.some(([value]) => value === (props.value || '')) ? [] : [[props.value]])].map(([value, text = value]) => h('option', { value }, text))));

export const panel = (title, ...children) => h('section.panel', h('h2', title), children);

/** A button that copies text and says so. */
export function copy(label, text) {
  return h('button', { type: 'button', class: 'quiet', onclick: async (event) => {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = h('textarea', { class: 'hidden', 'aria-label': label });
      field.value = text;
      (button.closest('dialog') || document.body).append(field);
      field.select();
      document.execCommand('copy');
      field.remove();
      button.focus();
    }
    say(label + ': copied.');
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = label; }, 1500);
  } }, label);
}

/** Says something to whoever listens to the page instead of looking at it, and shows it for a while. */
export function say(text) {
  const place = document.getElementById('said');
  if (!place) return;
  place.textContent = text;
  clearTimeout(place.timer);
  place.timer = setTimeout(() => { place.textContent = ''; }, 8000);
}

/** A button that is disabled, with the reason beside it, unless `why` is empty. It stays focusable, to be found. */
export function act(label, why, onclick, kind = '') {
  return h('button', {
    type: 'button', class: kind, 'aria-disabled': why ? 'true' : null, title: why || null,
    onclick: why ? () => say(why) : onclick,
  }, label);
}
