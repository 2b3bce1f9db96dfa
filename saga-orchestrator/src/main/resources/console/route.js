// What the address says: #/page/id?filter=value. All state that is worth sharing stands there.

/** '#/sagas/0ABC?view=data' → { page: 'sagas', id: '0ABC', params: { view: 'data' } } */
export function parse(hash) {
  const [path, search] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [page, id] = path.split('/').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return { page: page || 'overview', id: id || '', params: Object.fromEntries(new URLSearchParams(search || '')) };
}

/** The reverse; parameters without a value are left out. */
export function link(page, id, params) {
  const given = Object.entries(params || {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return '#/' + page + (id ? '/' + encodeURIComponent(id) : '') + (given.length ? '?' + new URLSearchParams(given) : '');
}

export const go = (page, id, params) => { location.hash = link(page, id, params); };
