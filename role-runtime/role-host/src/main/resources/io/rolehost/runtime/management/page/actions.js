// What an operator can have done. Nothing is sent before a dialog has said what will happen.

import {el, setText, show} from './dom.js';
import {Refused, ask, hasToken, path, tryToken} from './plane.js';
import {clock, count, names, span} from './words.js';

const LENGTHS = [['900', '15 min'], ['3600', '1 h'], ['14400', '4 h'], ['86400', '1 day'],
  ['', 'until somebody ends it']];

let name = '';
let say = () => {};

/** said(text) tells the operator what came of something. */
export function tellBy(said) {
  say = said;
}

function field(one) {
  const id = `field-${one.name}`;
  const input = one.options
    ? el('select', {id}, ...one.options.map(([value, text]) => el('option', {value}, text)))
    : el('input', {id, type: one.type ?? 'text', autocomplete: 'off', spellcheck: 'false',
      required: one.required, maxlength: one.type === 'checkbox' ? null : 1000});
  if (one.type === 'checkbox') {
    return {input, node: el('p', {class: 'field'}, input, el('label', {for: id}, one.label))};
  }
  if (one.value !== undefined) {
    input.value = one.value;
  }
  return {input, node: el('p', {class: 'field'}, el('label', {for: id}, one.label), input)};
}

/**
 * Opens a dialog.
 *
 * @param what called with the values of the fields: the sentences that say what will happen
 * @param act called with them once that is confirmed; returns a sentence
 */
export function confirm({title, verb, fields = [], what, act, guarded = true, withName = true}) {
  const all = [...fields];
  if (withName) {
    all.push({name: 'by', label: 'Your name, for the record (optional)', value: name});
  }
  const inputs = new Map(all.map((one) => [one.name, field(one)]));
  const secret = field({name: 'token', label: 'Token', type: 'password'});
  const hint = el('p', {class: 'hint'}, 'It is in the run directory (*.token), or what'
    + ' rolehost.management.token sets. It stays in this page until it is closed.');
  const needed = el('div', {}, secret.node, hint);
  const list = el('ul', {'aria-live': 'polite', id: 'what'});
  const problem = el('p', {class: 'problem', role: 'alert'});
  const go = el('button', {type: 'submit', class: 'primary'}, verb);
  const cancel = el('button', {type: 'button'}, 'Cancel');
  const form = el('form', {}, el('h2', {id: 'dialog-title'}, title),
    ...[...inputs.values()].map((one) => one.node), needed,
    what ? el('h3', {}, 'What will happen') : null, what ? list : null, problem,
    el('p', {class: 'row end'}, cancel, go));
  const dialog = el('dialog', {'aria-labelledby': 'dialog-title'}, form);
  const values = () => Object.fromEntries([...inputs].map(([key, one]) =>
    [key, one.input.type === 'checkbox' ? one.input.checked : one.input.value.trim()]));
  const tell = () => {
    if (what) {
      const sentences = what(values());
      while (list.children.length > sentences.length) {
        list.lastChild.remove();
      }
      sentences.forEach((sentence, i) => {
        setText(list.children[i] ?? list.appendChild(el('li')), sentence);
      });
    }
  };
  show(needed, guarded && !hasToken());
  secret.input.required = guarded && !hasToken();
  form.addEventListener('input', tell);
  cancel.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const given = values();
    name = given.by ?? name;
    setText(problem, '');
    go.disabled = true;
    try {
      const acts = secret.input.value === '' || await tryToken(secret.input.value);
      const came = await act(given, acts);
      dialog.close();
      say(came);
    } catch (refused) {
      if (refused instanceof Refused && (refused.status === 401 || refused.status === 403)) {
        secret.input.value = '';
        secret.input.required = true;
        show(needed, true);
      }
      setText(problem, refused.message);
      go.disabled = false;
      (needed.hidden ? go : secret.input).focus();
    }
  });
  document.body.append(dialog);
  tell();
  dialog.showModal();
}

/** Lets the operator give the token, and finds out whether it is the right one. */
export function giveToken(then = () => {}) {
  confirm({
    title: 'Token', verb: 'Use it', withName: false,
    act: async (_, acts) => {
      then();
      return acts ? 'The token is right.' : 'The token is right. It lets you look, not act.';
    },
  });
}

function covered(rows, scope) {
  const [kind, which] = [scope.slice(0, scope.indexOf(':')), scope.slice(scope.indexOf(':') + 1)];
  return rows.filter((row) => scope === '*' || kind === 'deployment'
    || (kind === 'role' && row.role === which) || (kind === 'instance' && row.instance === which));
}

const ids = (rows) => names(rows.map((row) => row.instance));

function leaving(row) {
  const limits = row.host?.limits;
  return limits ? `drains for at most ${span(limits.drainCapMillis / 1000)} and stops within ${
    span(limits.graceMillis / 1000)}` : 'drains and stops within its grace period';
}

function freezeTells(rows, {scope, length, hold}) {
  const all = covered(rows, scope);
  const live = all.filter((row) => ['ready', 'not ready', 'stopping'].includes(row.word));
  const starting = all.filter((row) => row.word === 'starting');
  const waiting = all.filter((row) => row.word === 'waiting to retry');
  const frozen = all.filter((row) => row.word === 'frozen');
  const until = length === '' ? 'until somebody ends it'
    : `until ${clock(Date.now() + Number(length) * 1000)}, in ${span(Number(length))}`;
  const lines = [`${count(all.length, 'instance')} (${ids(all) || 'none now'}) will be frozen ${until}.`];
  if (live.length > 0) {
    lines.push(hold
      ? `${ids(live)}: ${live.length === 1 ? leaving(live[0]) : 'each drains and stops within its grace period'}, then is held: alive, not ready.`
      : `${ids(live)}: goes on working. Only the next start is held.`);
  }
  if (starting.length > 0) {
    lines.push(`${ids(starting)}: held at the next freeze check of the start.`);
  }
  if (waiting.length > 0) {
    lines.push(`${ids(waiting)}: not started again while the freeze stands.`);
  }
  if (frozen.length > 0) {
    lines.push(`${ids(frozen)}: frozen already, and covered by one more freeze.`);
  }
  return lines;
}

/** scopes: pairs of what is sent and how it is told. */
export function freeze(rows, scopes) {
  confirm({
    title: 'Freeze', verb: 'Freeze',
    fields: [
      {name: 'scope', label: 'What', options: scopes},
      {name: 'reason', label: 'Reason', required: true},
      {name: 'length', label: 'For', options: LENGTHS, value: '3600'},
      {name: 'hold', label: 'Hold: what runs drains and stops now', type: 'checkbox'},
    ],
    what: (values) => freezeTells(rows(), values),
    act: async ({scope, reason, length, hold, by}) => {
      const body = {scope, reason, hold};
      if (length !== '') {
        body.for = `${length}s`;
      }
      if (by !== '') {
        body.owner = by;
      }
      const answer = await ask('/freeze', {method: 'PUT', body});
      return `Frozen: ${scope}.${answer.notice ? ` ${answer.notice}` : ''}`;
    },
  });
}

export function unfreeze(rows, one) {
  confirm({
    title: 'Unfreeze', verb: 'Unfreeze',
    what: () => {
      const all = covered(rows(), String(one.scope));
      const held = all.filter((row) => row.word === 'frozen');
      return [
        `The freeze of ${one.scope} by ${one.owner ?? 'somebody'} ends: ${one.reason}`,
        held.length === 0 ? 'Nothing is held by it now. The next starts are free.'
          : `${ids(held)}: goes on at once, unless another freeze covers it.`,
      ];
    },
    act: async ({by}) => {
      const answer = await ask(path('/freeze', {id: one.id, by}), {method: 'DELETE'});
      return (answer.removed ?? []).length === 0
        ? 'Nothing was removed: this freeze comes from a setting or another source. See /freeze.'
        : 'Unfrozen.';
    },
  });
}

export function restart(side, row) {
  confirm({
    title: `Restart ${row.instance}`, verb: 'Restart',
    what: () => [
      ['ready', 'not ready', 'starting'].includes(row.word)
        ? `Start #${row.incarnation} of ${row.instance} turns not ready at once, ${leaving(row)}.`
        : `${row.instance} is ${row.word} now.`,
      `Then start #${row.incarnation + 1} begins: startup tasks, onStart, run. If a freeze covers it, it is held instead.`,
    ],
    act: async ({by}) => {
      await ask(side === 'node' ? path('/restart', {target: row.instance, by})
        : path('/recycle', {by}), {method: 'POST'});
      return `${row.instance} is asked to restart.`;
    },
  });
}

export function rolling(rows, roles) {
  const members = (role) => rows().filter((row) => row.role === role);
  confirm({
    title: 'Rolling restart', verb: 'Restart all',
    fields: [{name: 'role', label: 'Role', options: roles.map((role) => [role, role])}],
    what: ({role}) => [
      `${count(members(role).length, 'instance')} of ${role}, one after another: ${ids(members(role))}.`,
      'Each drains and stops within its grace period and starts again; the next one follows when it is ready.',
      'If one does not get ready, the others are left as they are.',
    ],
    act: async ({role, by}) => {
      const answer = await ask(path('/restart', {target: role, by}), {method: 'POST'});
      return `Restarting, one after another: ${names(answer.restarting ?? [])}.`;
    },
  });
}

const of = (side, row) => (side === 'node' ? row.instance : '');

export function restartTask(side, row, task) {
  confirm({
    title: `Restart task ${task.name}`, verb: 'Restart task',
    what: () => [
      `Attempt ${task.attempt} of ${task.name} in ${row.instance} is asked to leave, and interrupted if it does not.`,
      'The next attempt begins at once, with fresh counters. Other tasks go on.',
    ],
    act: async ({by}) => {
      const answer = await ask(path('/task',
        {instance: of(side, row), name: task.name, do: 'restart', by}), {method: 'POST'});
      return String(answer.detail ?? `${task.name} is asked to restart.`);
    },
  });
}

export function redrive(side, row, queue) {
  confirm({
    title: `Redrive ${queue.queue}`, verb: 'Redrive',
    what: () => [
      `${count(queue.dead ?? 0, 'dead letter')} of ${queue.queue} go back into the queue and are tried again, by whoever takes from it.`,
      'Those that die after now are not among them.',
    ],
    act: async ({by}) => {
      let moved = 0;
      let before = '';
      for (let turn = 0; turn < 500; turn++) {
        const answer = await ask(path('/operations/jobs', {instance: of(side, row), do: 'redrive',
          queue: queue.queue, all: 'true', before, by}), {method: 'POST'});
        moved += answer.count ?? 0;
        before = answer.before ?? '';
        if (answer.more !== true) {
          break;
        }
      }
      return `${count(moved, 'dead letter')} of ${queue.queue} sent back.`;
    },
  });
}

/** Lets the operator choose one of some; pairs of a key and how it is told. */
export function choose(title, all, then) {
  const dialog = el('dialog', {'aria-labelledby': 'dialog-title'}, el('h2', {id: 'dialog-title'}, title),
    all.length === 0 ? el('p', {}, 'There are none.') : el('ul', {class: 'choice'}, ...all.map(([key, text]) =>
      el('li', {}, el('button', {type: 'button', class: 'small', onclick: () => {
        dialog.close();
        then(key);
      }}, text)))),
    el('p', {class: 'row end'}, el('button', {type: 'button', onclick: () => dialog.close()}, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Shows texts, one at a time: the files of an incident, dead letters. */
export function view(title, files, load) {
  const text = el('pre', {tabindex: 0, 'aria-label': 'Content'});
  const problem = el('p', {class: 'problem', role: 'alert'});
  const buttons = files.map((file) => el('button', {type: 'button', class: 'small',
    'aria-pressed': 'false', onclick: () => open(file)}, file));
  const close = el('button', {type: 'button', class: 'primary'}, 'Close');
  const dialog = el('dialog', {class: 'large', 'aria-labelledby': 'dialog-title'},
    el('h2', {id: 'dialog-title'}, title), el('p', {class: 'row'}, ...buttons), problem, text,
    el('p', {class: 'row end'}, close));
  async function open(file) {
    buttons.forEach((one) => one.setAttribute('aria-pressed', one.textContent === file));
    setText(problem, '');
    try {
      setText(text, await load(file));
    } catch (refused) {
      setText(problem, refused.message);
    }
  }
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  if (files.length > 0) {
    open(files[0]);
  }
}
