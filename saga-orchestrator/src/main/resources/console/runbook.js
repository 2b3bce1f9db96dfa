// The runbook's pages, which come with the program: readable at night without a network.

import { Problem } from './api.js';
import { code, h } from './dom.js';
import { EVERY, Page } from './page.js';
import { link } from './route.js';
import { STUCK, stuckMeans, words } from './words.js';

const inline = (text) => text.replaceAll('\n', ' ').split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).map((part) => {
  const page = /^\[([^\]]+)\]\(([\w-]+)\.md\)$/.exec(part);
  return part.startsWith('`') ? code(part.slice(1, -1)) : part.startsWith('**') ? h('strong', part.slice(2, -2))
    : page ? h('a', { href: link('runbook', page[2]) }, page[1]) : part.replace(/^\[([^\]]+)\]\(.*\)$/, '$1');
});

/** The little Markdown that the runbook is written in, as nodes. */
const prose = (text) => text.split(/```\w*\n([^]*?)```/).map((part, i) => (i % 2 ? h('pre', { tabindex: '0' }, part.trimEnd())
  : part.split(/\n{2,}|(?<=^#[^\n]*)\n/m).filter((block) => block.trim()).map((block) => (/^#/.test(block) ? h(block.startsWith('# ') ? 'h1' : 'h2', block.replace(/^#+ /, ''))
    : /^- /.test(block) ? h('ul', block.split(/\n(?=- )/).map((item) => h('li', inline(item.slice(2))))) : h('p', inline(block))))));

class Runbook extends Page {
  async load({ id }) {
    this.every = EVERY; // until there is an answer
    this.still = true;
    const name = id.toLowerCase().replaceAll('_', '-').replace(/[^a-z-]/g, '');
    const answer = await fetch(new URL(`runbook/${name || 'README'}.md`, import.meta.url)).catch(() => { throw new Problem(0); });
    this.every = 3600_000;
    return { text: answer.ok ? (await answer.text()).replace(/<!--[^]*?-->\n?/g, '') : '' };
  }

  render({ text }) {
    const { id } = this.route;
    if (text) return h('article.prose', prose(text));
    return h('article.prose', h('h1', id ? words(id) : 'Runbook'), id ? h('p', stuckMeans(id))
      : h('ul', Object.keys(STUCK).map((code) => h('li', h('a', { href: '#/runbook/' + code }, words(code)), ': ', stuckMeans(code)))));
  }
}

customElements.define('baton-runbook', Runbook);
