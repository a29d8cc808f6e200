// The starts of an instance as bars over time, and the same as a table.

import {el, keyed, setAttribute, setText, svg} from './dom.js';
import {clock, count, millis, span} from './words.js';

// What is drawn besides colour: where a bar begins and how high it is, of 40.
const BARS = {
  'start': [20, 16], 'ready': [4, 32], 'not ready': [12, 24], 'drain': [12, 24], 'stop': [20, 16],
  'back-off': [30, 6], 'frozen': [24, 12], 'away': [34, 2],
};
const WINDOWS = [['10', 'last 10 starts'], ['300', '5 min'], ['3600', '1 h'], ['86400', '1 day'],
  ['0', 'all that is kept']];

const at = (instant) => Date.parse(instant);
const percent = (value) => `${Math.round(value * 10000) / 100}%`;

function sentence(part, now) {
  const length = millis((part.to ? at(part.to) : now) - at(part.from));
  return `${part.kind} ${length}${part.to ? '' : ' so far'}`;
}

/** The starts, newest first, each with its spans and its end. Pure. */
function starts(data) {
  const all = new Map();
  for (const part of data.spans) {
    if (!all.has(part.incarnation)) {
      all.set(part.incarnation, {incarnation: part.incarnation, parts: [], end: null});
    }
    all.get(part.incarnation).parts.push(part);
  }
  for (const end of data.ends) {
    if (all.has(end.incarnation)) {
      all.get(end.incarnation).end = end;
    }
  }
  return [...all.values()].filter((one) => one.incarnation > 0).reverse();
}

function endText(end) {
  return end === null ? '' : `${end.crash ? 'crash' : 'as asked'}${
    end.code === undefined ? '' : `, exit code ${end.code}`}: ${end.why}`;
}

/** Bars and marks for a window of time, scaled to the width there is. */
function draw(picture, spans, ends, from, now) {
  const place = (time) => Math.min(1, Math.max(0, (time - from) / Math.max(1, now - from)));
  const children = [];
  for (const part of spans) {
    const begin = at(part.from);
    const end = part.to ? at(part.to) : now;
    if (end < from) {
      continue;
    }
    const [y, height] = BARS[part.kind] ?? BARS['not ready'];
    children.push(svg('rect', {
      x: percent(place(begin)), y, height, 'data-kind': part.kind,
      width: percent(Math.max(0.002, place(end) - place(begin))),
    }, svg('title', {}, `#${part.incarnation} ${sentence(part, now)}`)));
  }
  for (const end of ends) {
    if (end.crash && at(end.at) >= from) {
      children.push(svg('text', {x: percent(place(at(end.at))), y: 12, class: 'crash'}, '✕',
        svg('title', {}, `#${end.incarnation} ${endText(end)}`)));
    }
  }
  picture.replaceChildren(...children);
}

/** The timeline of one instance. */
export function timeline() {
  const picture = svg('svg', {class: 'timeline', role: 'img', height: 40});
  const left = el('span');
  const right = el('span', {}, 'now');
  const choice = el('select', {id: 'window'}, ...WINDOWS.map(([v, t]) => el('option', {value: v}, t)));
  const body = el('tbody');
  const node = el('section', {class: 'part', hidden: true}, el('h3', {}, 'Starts'),
    el('p', {class: 'row'}, el('label', {for: 'window'}, 'Show '), choice),
    picture,
    el('p', {class: 'axis', 'aria-hidden': 'true'}, left, right),
    el('p', {class: 'legend', 'aria-hidden': 'true'},
      ...Object.keys(BARS).map((kind) => el('span', {},
        svg('svg', {width: 14, height: 14}, svg('rect', {
          'data-kind': kind, y: 14 - Math.max(2, BARS[kind][1] * 0.4), width: 14,
          height: Math.max(2, BARS[kind][1] * 0.4)})), ` ${kind}`)),
      el('span', {}, el('b', {class: 'crash'}, '✕'), ' crash')),
    el('details', {}, el('summary', {}, 'The same as a table'),
      el('div', {class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Starts'},
        el('table', {class: 'cards', id: 'starts'}, el('thead', {}, el('tr', {},
          ...['Start', 'Began', 'Went', 'End'].map((head) => el('th', {scope: 'col'}, head)))),
        body))));
  let data = {spans: [], ends: []};
  let all = [];
  function paint() {
    const now = Date.now();
    node.hidden = all.length === 0;
    if (all.length === 0) {
      return;
    }
    const seconds = Number(choice.value);
    const oldest = all[Math.min(all.length, seconds === 10 ? 10 : Infinity) - 1] ?? all.at(-1);
    const from = seconds > 10 ? now - seconds * 1000 : at(oldest.parts[0].from);
    draw(picture, data.spans, data.ends, from, now);
    const shown = all.filter((one) => at(one.parts.at(-1).to ?? now) >= from);
    const crashes = data.ends.filter((end) => end.crash && at(end.at) >= from).length;
    setText(left, clock(from));
    setAttribute(picture, 'aria-label', `${count(shown.length, 'start')} in ${
      span((now - from) / 1000)}, ${count(crashes, 'crash', 'crashes')}; now ${
      sentence(data.spans.at(-1), now)}`);
    keyed(body, all.slice(0, 50), (one) => one.incarnation, () => {
      const cells = [el('th', {scope: 'row'}), ...['Began', 'Went', 'End'].map(
        (head) => el('td', {'data-head': head}))];
      return {
        node: el('tr', {}, ...cells),
        update(one) {
          setText(cells[0], `#${one.incarnation}`);
          setText(cells[1], clock(one.parts[0].from));
          setText(cells[2], one.parts.map((part) => sentence(part, now)).join(' → '));
          setText(cells[3], endText(one.end));
        },
      };
    });
  }
  choice.addEventListener('change', paint);
  return {
    node,
    paint,
    update(newer) {
      data = newer ?? {spans: [], ends: []};
      all = starts(data);
      paint();
    },
  };
}

/** A small one for a row of the fleet, from the last ends. */
export function strip() {
  const picture = svg('svg', {class: 'timeline strip', role: 'img', height: 40});
  let drawn = '';
  return {
    node: picture,
    update(row) {
      const ends = row.ends ?? [];
      const key = `${row.word} ${row.since} ${ends[0]?.at}`;
      if (key === drawn) {
        return;
      }
      drawn = key;
      const now = Date.now();
      const spans = ends.map((end) => ({
        incarnation: end.incarnation, kind: 'ready',
        from: new Date(at(end.at) - (end.livedMillis ?? 0)).toISOString(), to: end.at,
      })).reverse();
      const kind = {'ready': 'ready', 'starting': 'start', 'stopping': 'stop', 'frozen': 'frozen',
        'waiting to retry': 'back-off'}[row.word] ?? 'not ready';
      spans.push({incarnation: row.incarnation, kind, from: row.since});
      const crashes = ends.map((end) => ({...end, crash: end.asked !== true}));
      draw(picture, spans, crashes, at(spans[0].from), now);
      setAttribute(picture, 'aria-label', ends.length === 0 ? 'no end so far'
        : `${count(ends.length, 'end')}, ${crashes.filter((end) => end.crash).length} not asked for`);
    },
  };
}
