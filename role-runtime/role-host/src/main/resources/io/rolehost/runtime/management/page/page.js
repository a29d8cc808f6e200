// The page: keeps what the plane says in one model, asks anew for what an event was about, and has
// the parts show it.

import * as actions from './actions.js';
import {el, setText, show} from './dom.js';
import {fleet, freezes, happened, summary} from './fleet.js';
import {instance} from './instance.js';
import {Refused, ask, follow, hasToken, path, setToken} from './plane.js';

const KEPT_EVENTS = 300;
const APART = 100; // milliseconds between two questions, so that a storm of events costs little
const EACH = 25; // more instances than this are asked for all together

const model = {side: '', node: {}, rows: new Map(), frozen: {}, events: [], full: false, starts: null,
  explained: []};
const dirty = new Set();
const byId = (id) => document.getElementById(id);
const app = byId('app');

const rows = () => [...model.rows.values()];
const selected = () => (model.side === 'host' ? rows()[0]?.instance
  : location.hash.startsWith('#/') ? decodeURIComponent(location.hash.slice(2)) : '');

const parts = {
  fleet: fleet(model, {
    freeze: () => actions.freeze(rows, scopes()),
    rolling: () => actions.rolling(rows, roles()),
  }, () => render()),
  freezes: freezes({unfreeze: (one) => actions.unfreeze(rows, one)}),
  instance: instance({said, side: () => model.side, freeze: (row) => actions.freeze(rows, scopes(row))}),
  happened: happened(),
};
const back = el('p', {hidden: true}, el('a', {href: '#'}, '← All instances'));
const about = el('p', {id: 'about'});
app.append(back, about, parts.fleet.node, parts.instance.node, parts.freezes.node, parts.happened.node);

function said(text) {
  setText(byId('say'), text);
}

function roles() {
  return [...new Set(rows().map((row) => row.role))];
}

function scopes(row) {
  if (row) {
    const all = [[`instance:${row.instance}`, `this instance, ${row.instance}`]];
    return model.side === 'host' ? all : [...all, [`role:${row.role}`, `role ${row.role}`]];
  }
  return [['*', 'everything of this node'], ...roles().map((role) => [`role:${role}`, `role ${role}`]),
    ...rows().map((one) => [`instance:${one.instance}`, `instance ${one.instance}`])];
}

/** Times that count down are kept by the clock of this page: those of two machines may differ. */
function timed(row) {
  if (typeof row.nextStartInMillis === 'number') {
    row.nextAt = performance.now() + row.nextStartInMillis;
  }
  return row;
}

function takeFreezes(frozen) {
  for (const one of frozen.freezes ?? []) {
    if (typeof one.secondsLeft === 'number') {
      one.endsAt = performance.now() + one.secondsLeft * 1000;
    }
  }
  model.frozen = frozen;
}

async function load() {
  setText(byId('token'), hasToken() ? 'Forget token' : 'Token…');
  const wanted = [...dirty];
  dirty.clear();
  const one = model.side === '' ? '' : selected();
  const all = model.side !== 'node' || wanted.length > EACH || wanted.includes('*');
  const query = new URLSearchParams(all ? [] : wanted.filter((id) => id !== one).map((id) => ['instance', id]));
  const status = all || query.size > 0 ? await ask(`/status${query.size > 0 ? `?${query}` : ''}`) : {instances: []};
  model.side = status.instance === undefined ? 'node' : 'host';
  if (model.side === 'host') {
    const [starts, explained] = await Promise.all([ask('/timeline'), ask('/explain')]);
    model.starts = starts;
    model.explained = explained.lines ?? [];
    model.rows = new Map([[status.instance, {...status, host: status}]]);
    takeFreezes(status.freeze ?? {});
    return;
  }
  if (all) {
    model.rows = new Map();
  }
  for (const row of status.instances) {
    model.rows.set(row.instance, timed(row));
  }
  model.node = status.node ?? model.node;
  takeFreezes(await ask('/freeze'));
  await loadSelected(one || selected());
}

async function loadSelected(id) {
  if (id === '') {
    return;
  }
  const [status, starts, explained] = await Promise.all([
    ask(`${path('/status', {instance: id})}&host`), ask(path('/timeline', {instance: id})),
    ask(path('/explain', {instance: id}))]);
  status.instances.forEach((row) => model.rows.set(row.instance, timed(row)));
  model.starts = starts;
  model.explained = explained.lines ?? [];
}

let loading = false;
let loaded = -APART;

/** Asks for what is no longer known to be so, soon and never twice at a time. */
async function refresh(...ids) {
  ids.forEach((id) => dirty.add(id));
  if (loading || dirty.size === 0) {
    return;
  }
  loading = true;
  const wait = loaded + APART - performance.now();
  if (wait > 0) {
    await new Promise((done) => setTimeout(done, wait));
  }
  loaded = performance.now();
  const asked = [...dirty];
  let well = false;
  try {
    await load();
    render();
    well = true;
  } catch (problem) {
    if (problem instanceof Refused && problem.status === 401) {
      lock();
    } else if (problem instanceof Refused && problem.status === 404) {
      said(problem.message);
    } else {
      asked.forEach((id) => dirty.add(id)); // with the next turn of the clock
    }
  } finally {
    loading = false;
  }
  if (dirty.size > 0 && well) {
    setTimeout(refresh, APART);
  }
}

let asked = false;

/** Nobody may look without a token: asks for one. */
function lock() {
  if (model.side !== '') {
    location.reload(); // so that nothing stays of what was shown
    return;
  }
  show(byId('texts'), false); // a link can show no token
  setText(byId('token'), 'Token…');
  show(byId('token'), true);
  if (!asked && document.querySelector('dialog') === null) {
    asked = true;
    actions.giveToken(() => refresh('*'));
  }
}

function render() {
  const one = selected();
  const row = model.rows.get(one);
  const alone = model.side === 'host';
  const title = alone ? one : `Node, deployment ${model.node.deployment ?? ''}`;
  setText(byId('title'), title);
  document.title = alone ? `${row.word}: ${one}` : row ? `${row.word}: ${one}` : title;
  show(back, !alone && one !== '');
  show(parts.fleet.node, !alone && one === '');
  show(about, !alone);
  setText(about, [model.node.stopping ? 'The node is stopping.' : '', model.node.underWay ? `${model.node.underWay}.` : '',
    row || one === '' ? '' : `There is no instance ${one}.`, summary(rows())].filter((t) => t !== '').join(' '));
  if (!alone && one === '') {
    parts.fleet.update();
  }
  show(parts.instance.node, row !== undefined);
  if (row) {
    parts.instance.update(row, model.starts, model.explained, model.full || alone);
  }
  parts.freezes.update(model.frozen);
  const mine = alone || one === '' ? model.events
    : model.events.filter((event) => event.detail?.instance === one);
  parts.happened.update(mine);
  show(byId('summary'), false);
  show(app, true);
  show(byId('token'), true);
}

const LINKS = {up: 'live', down: 'no connection; trying again', refused: 'needs a token'};

function linked(state) {
  show(byId('link'), true);
  setText(byId('link'), LINKS[state]);
  byId('link').dataset.up = String(state === 'up');
  if (state === 'up') {
    refresh('*');
  } else if (state === 'refused') {
    lock();
  }
}

function heard(event) {
  model.events.push(event);
  if (model.events.length > KEPT_EVENTS) {
    model.events.shift();
  }
  refresh(event.detail?.instance ?? '*');
}

byId('token').addEventListener('click', () => {
  if (hasToken()) {
    setToken('');
    said('The token is forgotten.');
    refresh('*');
  } else {
    actions.giveToken(() => refresh('*'));
  }
});
actions.tellBy((text) => {
  said(text);
  refresh('*');
});

window.addEventListener('hashchange', async () => {
  model.starts = null;
  model.explained = [];
  render();
  await refresh(selected() || '*');
  if (model.side === 'node' && selected() !== '') {
    parts.instance.focus();
  } else {
    byId('main').focus();
  }
});

let turn = 0;
setInterval(() => {
  if (document.hidden || model.side === '') {
    return;
  }
  turn++;
  parts.instance.paint();
  if (selected() === '') {
    parts.fleet.update();
  }
  parts.freezes.update(model.frozen);
  if (turn % 2 === 0) {
    parts.instance.poll();
    refresh(...(turn % 10 === 0 ? ['*'] : selected() ? [selected()] : []));
  }
}, 1000);
document.addEventListener('visibilitychange', () => !document.hidden && refresh('*'));

follow(heard, linked);
