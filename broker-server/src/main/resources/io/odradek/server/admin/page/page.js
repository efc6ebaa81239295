// Which view is shown, and its refreshing.
import { h, morph } from './parts.js';
import { topic, topics } from './topics.js';
import { group, groups } from './groups.js';
import { brokers, warnings } from './others.js';

const REFRESH_MS = 5000;
const views = { topics, groups, brokers, warnings, 'topics/': topic, 'groups/': group };
const main = document.getElementById('main');
const trouble = document.getElementById('trouble');
let paused = false;
let shown = null;
let turn = 0;
let timer = null;

async function ask(path, query) {
  const given = Object.entries(query || {}).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const address = '/api/' + path.map(encodeURIComponent).join('/') + (given.length ? '?' + new URLSearchParams(given) : '');
  let answer;
  try {
    answer = await fetch(address, { signal: AbortSignal.timeout(15000) });
  } catch (unreached) {
    throw new Error('The broker does not answer. Trying again every ' + REFRESH_MS / 1000 + ' s.');
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(body.error || 'The broker answered ' + answer.status), { status: answer.status });
  return body;
}

function place() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { parts: parts.length ? parts : ['topics'], query: new URLSearchParams(query || '') };
}

async function show() {
  const mine = ++turn;
  const address = location.hash;
  clearTimeout(timer);
  const { parts, query } = place();
  const view = views[parts.length > 1 ? parts[0] + '/' : parts[0]];
  document.querySelectorAll('nav a').forEach(a => a.getAttribute('href') === '#/' + parts[0] ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current'));
  try {
    const made = view ? await view(ask, parts, query) : { title: 'Nothing', body: [h('h1', { tabindex: -1 }, 'There is nothing here')] };
    if (mine !== turn) return;
    draw(parts, made);
    main.setAttribute('data-address', address);
    say('');
  } catch (failure) {
    if (mine !== turn) return;
    // What is there no more is told in its place; what was shown stays where the broker is only away.
    if (failure.status === 404 || shown !== parts.join('/')) draw(parts, { title: parts[parts.length - 1], body: [h('h1', { tabindex: -1 }, parts[parts.length - 1]), h('p', { class: 'empty' }, failure.message)] });
    if (failure.status !== 404) say(failure.message);
    else main.setAttribute('data-address', address);
  }
  await state();
  if (mine === turn && !paused) timer = setTimeout(show, REFRESH_MS);
}

function draw(parts, made) {
  const moved = shown !== null && shown !== parts.join('/');
  const first = shown === null;
  shown = parts.join('/');
  document.title = made.title + ' – Odradek';
  const wanted = h('main', null, made.body);
  if (moved || first) main.replaceChildren(...wanted.childNodes);
  else morph(main, wanted);
  main.setAttribute('data-shown', shown);
  if (moved) {
    window.scrollTo(0, 0);
    main.querySelector('h1')?.focus();
  }
}

function say(text) {
  if (trouble.textContent !== text) trouble.textContent = text;
  trouble.hidden = !text;
}

async function state() {
  const pill = document.getElementById('ready');
  try {
    const answer = await fetch('/ready', { signal: AbortSignal.timeout(5000) });
    const body = await answer.json();
    pill.textContent = body.ready ? 'ready' : body.reason;
    pill.className = 'pill ' + (body.ready ? 'good' : 'wary');
  } catch (unreached) {
    pill.textContent = 'away';
    pill.className = 'pill bad';
  }
  const where = document.getElementById('place');
  if (!where.textContent) ask([]).then(about => { where.textContent = 'broker ' + about.broker; }).catch(() => {});
}

// Forms ask for a view: what is in their fields goes into its address.
document.addEventListener('submit', event => { event.preventDefault(); asked(event.target); });
main.addEventListener('change', event => { if (event.target.form) asked(event.target.form); });
main.addEventListener('input', event => { if (event.target.type === 'search') asked(event.target.form); });

function asked(form) {
  const given = [...new FormData(form)].filter(([, value]) => value !== '');
  const address = '#/' + form.dataset.view + (given.length ? '?' + new URLSearchParams(given) : '');
  history.replaceState(null, '', address);
  show();
}

document.getElementById('pause').addEventListener('click', event => {
  paused = !paused;
  event.target.setAttribute('aria-pressed', String(paused));
  show();
});
window.addEventListener('hashchange', show);
show();
