// Stuck sagas by their common cause, with what can be done for all of them at once.

import { get } from './api.js';
import { act, code, facts, h } from './dom.js';
import { ago, number, plural } from './format.js';
import { Page } from './page.js';
import { go, link } from './route.js';
import { label, stuckMeans, words } from './words.js';

/** What is offered for all of a group, by its reason: first what helps most often. */
const OFFERED = { OUTCOME_UNKNOWN: ['resolve', 'retry'], DEADLINE_PASSED_AFTER_PIVOT: ['retry'], DEFINITION_MISSING: [], INVARIANT_BROKEN: [] };

class Groups extends Page {
  load({ params }) {
    return get('sagagroups', { by: 'definition,step,reason,error,participant', ...params });
  }

  render(data, now) {
    const { params } = this.route;
    const groups = [...data.groups].sort((a, b) => b.count - a.count);
    const filter = (group) => ({ state: 'STUCK', definition: group.definition, step: group.step, reason: group.reason, error: group.error || 'none', participant: group.participant });
    return [
      h('h1', 'Stuck, by cause'),
      h('p.lead', groups.length ? `${plural(data.total, 'saga')} in ${plural(groups.length, 'group')}. Sagas of a group got stuck in the same step for the same reason; mend the cause once, then act on all.`
        : 'A saga is stuck when it needs a person. None is.'),
      Object.keys(params).length > 0 && h('p', `Only ${Object.entries(params).map(([name, value]) => `${name} ${value}`).join(', ')}. `, h('a', { href: '#/groups' }, 'Show all')),
      h('div.groups', groups.map((group) => {
        const where = filter(group);
        return h('article', { class: 'panel group', key: JSON.stringify(where), 'aria-label': `${words(group.reason)} at ${group.step}` },
          h('div.top',
            h('h2', h('a', { href: link('sagas', '', where) }, words(group.reason)), ' at ', group.step),
            h('strong.big.stuck', number(group.count))),
          h('p', stuckMeans(group.reason)),
          facts(
            [['Definition', group.definition], ['Participant', group.participant], ['Error', group.error && code(group.error)],
              ['First', ago(group.oldest, now)], ['Last', ago(group.newest, now)], ['In the last hour', number(group.lastHour)], ['Snoozed', group.snoozed ? number(group.snoozed) : null]]),
          group.sampleMessage && h('blockquote', { tabindex: '0' }, group.sampleMessage),
          h('div.row',
            (OFFERED[group.reason] || ['retry', 'compensate']).map((action, i) => act(`${label(action)} …`, this.may, () => go('bulk', 'new', { action, ...where }), i ? '' : 'primary')),
            act('Hold the step …', this.may, () => go('holds', '', { definition: group.definition, step: group.step }), 'quiet'),
            h('a', { href: link('runbook', group.reason) }, 'Runbook', h('span.hidden', ' for ', words(group.reason))), h('a', { href: link('sagas', '', where) }, 'List them')));
      })),
    ];
  }
}

customElements.define('baton-groups', Groups);
