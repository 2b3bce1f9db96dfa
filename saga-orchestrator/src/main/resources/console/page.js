// What all pages are: elements that ask every three seconds while somebody looks, and say how old their answer is.

import { h, morphInto } from './dom.js';
import { now } from './api.js';

export const EVERY = 3000;

/**
 * A page loads its data and renders it. `load(route)` asks the orchestrator; `render(data)` makes nodes and must not ask.
 * It tells the shell of each answer by the event `heard`. What a page shows that is `still` does not grow old.
 */
export class Page extends HTMLElement {
  connectedCallback() {
    this.looked = () => { if (!document.hidden) this.refresh(); };
    document.addEventListener('visibilitychange', this.looked);
    this.refresh();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.turn = -1;
    document.removeEventListener('visibilitychange', this.looked);
  }

  /** Shows another part of the same page. */
  visit(route) {
    this.route = route;
    if (this.isConnected) this.refresh();
  }

  get may() {
    return this.who && this.who.canAct === false ? this.who.whyNot || 'Your role may only look.' : '';
  }

  async refresh() {
    clearTimeout(this.timer);
    if (this.turn === -1 && !this.isConnected) return;
    const turn = this.turn = (this.turn || 0) + 1;
    let failure = null;
    try {
      const data = await this.load(this.route);
      if (turn !== this.turn) return;
      this.data = data;
      this.refused = null;
      this.dispatchEvent(new CustomEvent('heard', { bubbles: true, detail: { asOf: data && data.asOf, still: this.still } }));
    } catch (e) {
      if (turn !== this.turn) return;
      if (e.status === undefined) throw e; // a defect of the console's own
      failure = e;
      if (e.isRefusal) this.refused = e;
      this.dispatchEvent(new CustomEvent('heard', { bubbles: true, detail: e.isRefusal ? {} : { failure: e } }));
    }
    if (this.data || failure) this.paint(failure);
    if (!document.hidden) this.timer = setTimeout(() => this.refresh(), this.every || EVERY);
  }

  paint(failure) {
    const fresh = h('div');
    if (this.refused) {
      const { status } = this.refused;
      fresh.append(h('h1', status === 404 ? 'There is nothing here' : status === 401 || status === 403 ? 'You may not see this' : 'That was not understood'),
        h('p', this.refused.message), h('p', h('a', { href: '#/overview' }, 'To the overview')));
    } else if (this.data) {
      const content = this.render(this.data, now());
      fresh.append(...(Array.isArray(content) ? content.flat(3).filter(Boolean) : [content]));
    } else if (failure) {
      fresh.append(h('h1', 'No answer yet'), h('p', 'The orchestrator does not answer. The console asks again every few seconds.'));
    }
    morphInto(this, fresh);
    document.title = (this.querySelector('h1') || { textContent: 'Console' }).textContent + ' · Baton';
  }

  /** Draws again without asking, after something on the page itself has changed. */
  redraw() {
    if (this.data) this.paint();
  }
}
