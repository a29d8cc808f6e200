// All instances of a node, the freezes, and what happened last.

import {button, el, keyed, setAttribute, setText, show, table} from './dom.js';
import {strip} from './timeline.js';
import {ago, clock, count, countdown} from './words.js';

const WORDS = ['ready', 'starting', 'not ready', 'stopping', 'waiting to retry', 'frozen'];

export function word(node, row, full) {
  setText(node, full && row.state ? `${row.word} (${row.state})` : row.word);
  setAttribute(node, 'data-word', row.word ?? '');
}

/** What goes on by itself: a countdown or an age. */
export function live(row, now) {
  return row.nextAt ? `next start in ${countdown((row.nextAt - now) / 1000)}` : ago(row.since);
}

function line(model) {
  const link = el('a');
  const state = el('span', {class: 'word'});
  const why = el('td', {'data-head': 'Why', class: 'why'});
  const start = el('td', {'data-head': 'Start'});
  const since = el('td', {'data-head': 'Since'});
  const bars = strip();
  const node = el('tr', {}, el('th', {scope: 'row'}, link), el('td', {'data-head': 'State'}, state),
    why, start, since, el('td', {'data-head': 'Starts'}, bars.node));
  return {
    node,
    update(row) {
      setText(link, row.instance);
      setAttribute(link, 'href', `#/${encodeURIComponent(row.instance)}`);
      word(state, row, model.full);
      setText(why, row.why);
      setText(start, `#${row.incarnation}`);
      setText(since, live(row, performance.now()));
      bars.update(row);
    },
  };
}

/** acts: freeze(), rolling(). */
export function fleet(model, acts, changed) {
  const chips = el('div', {class: 'row', role: 'group', 'aria-label': 'Show only'});
  const search = el('input', {type: 'search', id: 'search', autocomplete: 'off'});
  const full = el('input', {type: 'checkbox', id: 'full'});
  const body = el('tbody');
  const none = el('p', {hidden: true}, 'No instance is like that.');
  const only = new Set();
  const node = el('section', {'aria-label': 'Instances'},
    chips,
    el('div', {class: 'row tools'},
      el('span', {}, el('label', {for: 'search'}, 'Find '), search),
      el('span', {}, full, el('label', {for: 'full'}, ' Full states')),
      el('button', {type: 'button', id: 'freeze', onclick: acts.freeze}, 'Freeze…'),
      el('button', {type: 'button', id: 'rolling', onclick: acts.rolling}, 'Rolling restart…')),
    el('div', {class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Instances'},
      el('table', {class: 'cards', id: 'instances'}, el('thead', {}, el('tr', {},
        ...['Instance', 'State', 'Why', 'Start', 'Since', 'Starts'].map(
          (head) => el('th', {scope: 'col'}, head)))), body)), none);
  search.addEventListener('input', changed);
  full.addEventListener('change', () => {
    model.full = full.checked;
    changed();
  });
  function chip() {
    const one = el('button', {type: 'button', class: 'chip', 'aria-pressed': 'false'});
    return {
      node: one,
      update([which, n]) {
        one.onclick = () => {
          if (!only.delete(which)) {
            only.add(which);
          }
          one.setAttribute('aria-pressed', only.has(which));
          changed();
        };
        setText(one, `${n} ${which}`);
        setAttribute(one, 'data-word', which);
      },
    };
  }
  return {
    node,
    update() {
      const rows = [...model.rows.values()];
      const text = search.value.trim().toLowerCase();
      keyed(chips, WORDS.map((which) => [which, rows.filter((row) => row.word === which).length])
        .filter(([which, n]) => n > 0 || only.has(which)), ([which]) => which, chip);
      const shown = rows.filter((row) => (only.size === 0 || only.has(row.word))
        && (text === '' || `${row.instance} ${row.why ?? ''}`.toLowerCase().includes(text)));
      keyed(body, shown, (row) => row.instance, () => line(model));
      show(none, shown.length === 0);
    },
  };
}

/** acts: unfreeze(freeze). */
export function freezes(acts) {
  const left = (one) => (one.endsAt === undefined ? 'until somebody ends it'
    : `${countdown((one.endsAt - performance.now()) / 1000)} left${
      one.auto ? ', then one more try' : ''}`);
  const all = table('Freezes', [
    {head: 'What', text: (one) => one.scope},
    {head: 'Reason', text: (one) => one.reason},
    {head: 'By', text: (one) => one.owner},
    {head: 'Since', text: (one) => clock(one.since)},
    {head: 'Left', text: left},
    {head: 'Hold', text: (one) => (one.hold ? 'yes' : 'no')},
    {head: 'Evidence', text: (one) => one.evidence},
    button('Unfreeze…', acts.unfreeze, (one) => `Unfreeze ${one.scope}: ${one.reason}`),
  ], (one) => `${one.id} ${one.scope}`, {level: 'h2'});
  const notes = el('ul', {class: 'problems'});
  return {
    node: el('div', {id: 'freezes'}, all.node, notes),
    update(frozen) {
      all.update(frozen.freezes);
      const lines = [frozen.waitsFor ? `Works until it is its turn to be held: ${frozen.waitsFor}` : '',
        frozen.notice ?? '',
        ...(frozen.sources ?? []).filter((one) => one.problem).map((one) => `${one.name}: ${one.problem}`)];
      texts(notes, lines);
    },
  };
}

export function texts(list, lines) {
  const all = lines.filter((text) => text !== '' && text !== undefined && text !== null);
  show(list, all.length > 0);
  keyed(list, all.map((text, i) => [i, text]), ([i]) => i, () => {
    const node = el('li');
    return {node, update: ([, text]) => setText(node, text)};
  });
}

/** What happened, newest first. */
export function happened() {
  const list = el('ol', {class: 'events', id: 'events'});
  const node = el('section', {class: 'part', hidden: true}, el('h2', {}, 'What happened'),
    el('div', {class: 'tall', tabindex: 0, role: 'region', 'aria-label': 'What happened'}, list));
  function one() {
    const at = el('time');
    const who = el('b');
    const text = el('span');
    return {
      node: el('li', {}, at, ' ', who, ' ', text),
      update(event) {
        setText(at, clock(event.at));
        setText(who, `${event.detail?.instance ?? ''} #${event.incarnation}`.trim());
        setText(text, (event.from === event.to ? event.type : `${event.from} → ${event.to}`)
          + (event.cause ? `: ${event.cause}` : ''));
      },
    };
  }
  return {
    node,
    update(events) {
      const shown = events.filter((event) => event.type !== 'step').slice(-60).reverse();
      show(node, shown.length > 0);
      keyed(list, shown, (event) => event.sequence, one);
    },
  };
}

/** "3 instances: 2 ready, 1 frozen". */
export function summary(rows) {
  const parts = WORDS.map((which) => [which, rows.filter((row) => row.word === which).length])
    .filter(([, n]) => n > 0).map(([which, n]) => `${n} ${which}`);
  return `${count(rows.length, 'instance')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

