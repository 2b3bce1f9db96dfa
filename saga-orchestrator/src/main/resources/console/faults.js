// For the demo only: make something fail, and watch what the sagas do.

import { get, post } from './api.js';
import { act, h, mark, panel, say } from './dom.js';
import { coarse } from './format.js';
import { Page } from './page.js';

class Faults extends Page {
  load() {
    return get('demofaults');
  }

  render({ faults, active, until }, now) {
    const start = async (name) => {
      try {
        await post('demofaults', { fault: name });
        say('It fails from now on.');
      } catch (e) {
        say(e.message);
      }
      this.refresh();
    };
    return [h('h1', 'Faults'), h('p.lead', 'A demo’s teaching aid: the card gateway misbehaves for a minute. Orders paid by card wait, are sent again, and go on or are undone; those paid from a wallet do not notice.'),
      h('p', { role: 'status' }, active ? mark('stuck', `${active}, for another ${coarse(Date.parse(until) - now)}`) : mark('done', 'The card gateway is in good health.')),
      panel('Make it fail for one minute', h('ul.actions', faults.map((fault) => h('li', { key: fault.name }, act(fault.title, this.may, () => start(fault.name)), h('p', fault.does)))),
        active && act('Heal it now', this.may, () => start('none'), 'primary'))];
  }
}

customElements.define('baton-faults', Faults);
