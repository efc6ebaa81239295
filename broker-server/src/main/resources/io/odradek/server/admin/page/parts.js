// Makes elements, changes them in place, and writes numbers for people. Whatever a broker says becomes text or an attribute
// here, never HTML: a topic may be called <script>, and is shown so.

/** An element: a name, attributes (null and false leave one out), children (elements, texts, lists; null is left out). */
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/**
 * Makes an element's children those of another one, and leaves what is alike as it is: focus, scrolling, selection stay. What
 * has an id or a data-key is known again among its neighbours.
 */
export function morph(old, wanted) {
  let at = old.firstChild;
  for (const next of [...wanted.childNodes]) {
    const found = known(at, next);
    if (!found) {
      old.insertBefore(next, at);
      continue;
    }
    while (at !== found) at = without(at);
    change(found, next);
    at = found.nextSibling;
  }
  while (at) at = without(at);
}

function known(at, next) {
  let found = at;
  if (next.id || next.dataset?.key) {
    while (found && !alike(found, next)) found = found.nextSibling;
  }
  return found && alike(found, next) ? found : null;
}

function alike(one, other) {
  return one.nodeName === other.nodeName && one.id === other.id && one.dataset?.key === other.dataset?.key;
}

function without(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function change(last, next) {
  if (next.nodeType === Node.TEXT_NODE) {
    if (last.data !== next.data) last.data = next.data;
    return;
  }
  attributes(last, next);
  morph(last, next);
  if ('value' in next && last !== document.activeElement && last.value !== next.value) last.value = next.value;
}

function attributes(old, wanted) {
  for (const { name } of [...old.attributes]) {
    // What a person has opened stays open.
    if (!wanted.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/** A table: columns of { title, number, extra, cell(row) }, the first of which names its row. */
export function table(name, columns, rows) {
  const kind = column => [column.number && 'num', column.extra && 'extra', column.nowrap && 'nowrap'].filter(Boolean).join(' ') || null;
  return h('div', { class: 'scroll', 'data-key': name, role: 'region', tabindex: 0, 'aria-label': name },
    h('table', null,
      h('caption', null, name),
      h('thead', null, h('tr', null, columns.map(column => h('th', { scope: 'col', class: kind(column) }, column.title)))),
      h('tbody', null, rows.map(row => h('tr', null, columns.map((column, index) =>
        index === 0 ? h('th', { scope: 'row', class: kind(column) }, column.cell(row)) : h('td', { class: kind(column) }, column.cell(row))))))));
}

/** Figures with what they are: pairs of a name and a value. */
export function facts(...pairs) {
  return h('dl', { class: 'facts' }, pairs.filter(Boolean).map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))));
}

export function pill(text, kind) { return h('span', { class: 'pill ' + (kind || '') }, text); }

export function link(text, ...path) { return h('a', { href: hash(path) }, text); }

/** The address of a view: its path, and what it is asked for. */
export function hash(path, query) {
  const given = Object.entries(query || {}).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return '#/' + path.map(encodeURIComponent).join('/') + (given.length ? '?' + new URLSearchParams(given) : '');
}

const unknown = () => h('span', { class: 'soft', title: 'not known on this broker' }, '–');
const isKnown = value => value !== null && value !== undefined;

export function number(value) { return isKnown(value) ? value.toLocaleString('en') : unknown(); }

export function bytes(value) {
  if (!isKnown(value)) return unknown();
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return (unit === 0 || value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1)) + ' ' + units[unit];
}

export function rate(value) {
  if (!isKnown(value)) return unknown();
  return value === 0 ? '0 /s' : value < 10 ? value.toFixed(1) + ' /s' : Math.round(value).toLocaleString('en') + ' /s';
}

export function byteRate(value) { return isKnown(value) ? bytes(value) + '/s' : unknown(); }

/** How long something has been waiting. */
export function seconds(value) {
  if (!isKnown(value)) return unknown();
  if (value < 1) return value === 0 ? '0 s' : '< 1 s';
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([size]) => value >= size);
  const whole = Math.floor(value / parts[first][0]);
  const rest = parts[first + 1] ? Math.floor((value % parts[first][0]) / parts[first + 1][0]) : 0;
  return whole + ' ' + parts[first][1] + (rest ? ' ' + rest + ' ' + parts[first + 1][1] : '');
}

export function time(milliseconds) {
  if (!isKnown(milliseconds) || milliseconds < 0) return 'no time';
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return milliseconds + ' ms';
  const two = value => String(value).padStart(2, '0');
  return date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate()) + ' ' + two(date.getHours()) + ':' + two(date.getMinutes())
    + ':' + two(date.getSeconds()) + '.' + String(date.getMilliseconds()).padStart(3, '0');
}

/** What a setting comes to, where its number is one of milliseconds or of bytes. */
export function meaning(name, value) {
  const amount = Number(value);
  if (value === null || value === '' || !Number.isFinite(amount) || amount <= 0) return null;
  if (amount >= 9e15) return 'no limit';
  if (name.endsWith('.ms')) return seconds(amount / 1000);
  return name.endsWith('.bytes') ? bytes(amount) : null;
}

export function empty(...children) { return h('p', { class: 'empty' }, children); }
