// The shell: where one is, who one is, how fresh it is, and the page that the address names.

import { address, get, now } from './api.js';
import { coarse, number } from './format.js';
import { h, morphInto } from './dom.js';
import { go, parse } from './route.js';
import './overview.js';

/** What the menu says, and by which module and element a page, or one thing of it, is shown. */
const PAGES = {
  overview: ['Overview', 'overview/overview'], groups: ['Stuck', 'groups/groups'], sagas: ['Sagas', 'list/list', 'saga/saga'],
  bulk: ['Bulk', 'bulk/bulks', 'bulk/bulk'], deadletters: ['Dead letters', 'deadletters/deadletters', 'deadletters/deadletter'],
  holds: ['Holds', 'records/holds'], audit: ['Audit', 'records/audit'], definitions: ['Definitions', 'records/definitions'],
  faults: ['Faults', 'faults/faults'], runbook: ['Runbook', 'runbook/runbook', 'runbook/runbook'],
};
const STALE = 15_000;
/** How often the menu's numbers are asked for where the page does not need them itself. */
const TALLIES = 15_000;

class Shell extends HTMLElement {
  connectedCallback() {
    this.heardAt = Date.now();
    this.nav = h('nav', { 'aria-label': 'Pages' });
    this.fresh = h('p.fresh', 'asking …');
    this.age = h('strong', { 'aria-hidden': 'true' });
    this.why = h('span');
    this.main = h('main', { id: 'main', tabindex: '-1' });
    this.whois = h('p.who');
    const search = h('input', { type: 'search', name: 'q', placeholder: 'Order, saga or customer', 'aria-label': 'Find by order id, saga id, customer or trace id', autocomplete: 'off', maxlength: '100' });
    this.append(
      h('a', { class: 'skip', href: '#main', onclick: (e) => { e.preventDefault(); this.main.focus(); } }, 'Skip to the content'),
      h('header',
        h('a', { class: 'brand', href: '#/overview' }, 'Baton'),
        this.nav,
        h('form', { role: 'search', onsubmit: (e) => { e.preventDefault(); const found = search.value.trim(); go('sagas', '', /^[0-9a-f]{32}$/.test(found) ? { traceId: found } : { q: found }); } }, search),
        h('div.signs', this.fresh, this.whois)),
      h('div', { class: 'banner', role: 'alert' }, this.age, this.why), this.main,
      h('p', { id: 'said', role: 'status', 'aria-live': 'polite' }));
    this.addEventListener('heard', (e) => this.heard(e.detail));
    addEventListener('hashchange', () => this.show());
    addEventListener('keydown', (e) => {
      if (e.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.nodeName) && !document.querySelector('dialog[open]')) {
        e.preventDefault();
        search.focus();
      }
    });
    setInterval(() => this.tick(), 1000);
    setInterval(() => { if (!document.hidden) get('sagastats').then((stats) => this.count(stats), () => {}); }, TALLIES);
    this.identify();
    this.show();
    // The other pages come once the first one stands, so that they are there when the network is not.
    setTimeout(() => Object.values(PAGES).flatMap(([, ...parts]) => parts).forEach((part) => import(`./${part.split('/')[0]}.js`).catch(() => {})), 500);
  }

  /** Who one is, and which pages there are; both are asked once and when the network comes back. */
  async identify() {
    const [who, counts, faults] = await Promise.allSettled([get('whoami'), get('sagastats'), get('demofaults')]);
    if (who.status === 'fulfilled') {
      this.who = who.value;
      this.whois.replaceChildren((this.who.user || 'anonymous') + (this.who.canAct === false ? ', may look' : '') + (this.who.user ? '' : ' · '),
        this.who.user ? '' : h('a', { href: address('signin') }, 'Sign in'));
      this.whois.title = this.who.canAct === false ? this.who.whyNot || 'Your role may only look.' : 'May look and act';
      if (this.page) { this.page.who = this.who; this.page.redraw(); }
    }
    this.hasFaults = faults.status === 'fulfilled';
    if (counts.status === 'fulfilled') this.count(counts.value);
    this.menu();
  }

  count(stats) {
    const sum = (list) => (list || []).reduce((total, each) => total + each.count - (each.snoozed || 0), 0);
    this.counts = { groups: sum(stats.stuck), deadletters: ((stats.system || {}).deadLetters || {}).NEW, holds: (stats.system || {}).holds };
    this.menu();
  }

  menu() {
    const here = parse(location.hash).page;
    morphInto(this.nav, h('nav', Object.entries(PAGES).filter(([page]) => (page !== 'faults' || this.hasFaults)).map(([page, [title]]) => {
      const count = (this.counts || {})[page];
      return h('a', { key: page, href: '#/' + page, 'aria-current': page === here ? 'page' : null }, title,
        count ? h('span', { class: 'tally tally-' + page, title: `${number(count)} need somebody` }, number(count)) : null);
    })));
    const current = this.nav.querySelector('[aria-current]');
    if (current && this.nav.scrollWidth > this.nav.clientWidth) this.nav.scrollLeft = current.offsetLeft - 60;
  }

  show() {
    const route = parse(location.hash);
    const [, list, one] = PAGES[route.page] || PAGES.overview;
    const [module, name] = (route.id && one ? one : list).split('/');
    const tag = 'baton-' + name;
    this.menu();
    if (!customElements.get(tag)) {
      import(`./${module}.js`).then(() => this.show(), () => {
        this.heard({ failure: { status: 0 } });
        setTimeout(() => this.show(), 3000);
      });
      return;
    }
    if (this.page && this.page.localName === tag && this.page.route.id === route.id) {
      this.page.visit(route);
      return;
    }
    const first = !this.page;
    this.page = document.createElement(tag);
    this.page.route = route;
    this.page.who = this.who;
    this.main.replaceChildren(this.page);
    if (!first) {
      scrollTo(0, 0);
      this.main.focus({ preventScroll: true });
    }
  }

  heard({ failure, asOf, stats, still }) {
    if (stats) this.count(stats);
    this.still = still;
    if (!failure) {
      if (this.failure || !this.who) this.identify();
      this.heardAt = Date.now();
      this.asOf = asOf;
    }
    this.failure = failure;
    this.tick();
  }

  /** Says how old the data is: quietly while it is fresh, in plain sight when it is not. */
  tick() {
    const silence = Date.now() - this.heardAt;
    const age = this.asOf ? Math.max(silence, now() - Date.parse(this.asOf)) : silence;
    const stale = Boolean(this.failure) || (age > STALE && !document.hidden && !this.still);
    this.classList.toggle('stale', stale);
    this.fresh.textContent = stale ? coarse(age) + ' old' : this.still ? '' : 'live';
    const why = !stale ? '' : !this.failure ? 'The orchestrator answers with old counts.' : !this.failure.status ? 'The orchestrator does not answer.'
      : `The orchestrator answers ${this.failure.status}: ${this.failure.message}`;
    this.age.textContent = stale ? `Data is ${coarse(age)} old. ` : ''; // read by eye only: an alert is said once, not every second
    const whole = stale ? why + ' What you see may have changed.' : '';
    if (this.why.textContent !== whole) this.why.textContent = whole;
  }
}

customElements.define('baton-console', Shell);
