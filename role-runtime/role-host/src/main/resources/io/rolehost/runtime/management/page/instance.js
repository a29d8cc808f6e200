// One instance: how it is and why, its tasks, starts, ends, work and log.

import * as actions from './actions.js';
import {button, el, setText, show, table} from './dom.js';
import {texts, word} from './fleet.js';
import {ask, hasToken, path} from './plane.js';
import {timeline} from './timeline.js';
import {ago, bytes, clock, count, countdown, millis, span} from './words.js';

function facts(title) {
  return table(title, [{head: 'What', text: ([name]) => name}, {head: 'Is', text: ([, value]) => value}],
    ([name]) => name);
}

function plain(value) {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).map(([name, one]) => `${name}: ${plain(one)}`).join(', ') : String(value ?? '');
}

function progress(task) {
  if (task.nextRestartInSeconds !== undefined) {
    return `next attempt in ${countdown(task.nextRestartInSeconds)}`;
  }
  return task.progress === undefined ? '' : `at ${task.progress}${
    task.secondsSinceProgress > 2 ? `, unchanged for ${span(task.secondsSinceProgress)}` : ''}`;
}

/** Whether a role host ought to answer. */
const answers = (row) => row.roleHost === true && ['ready', 'not ready', 'starting'].includes(row.word);

function process(row, host) {
  const all = [['process', row.pid ?? host?.process?.pid ?? 'none'], ['release', row.release],
    ['build', host?.build], ['profile', host?.profile], ['phase', host?.phase],
    ['resident memory', bytes(host?.process?.residentBytes)],
    ['configuration', host?.config?.hash], ['side', host?.side]];
  return all.filter(([, value]) => value !== undefined && value !== '');
}

/** acts: said(text) for the operator, freeze(row), side(). */
export function instance(acts) {
  let row = {};
  const side = () => acts.side();
  const of = () => (side() === 'node' ? row.instance : '');
  const state = el('span', {class: 'word'});
  const name = el('span');
  const heading = el('h2', {tabindex: -1, id: 'instance'}, name, ' ', state);
  const why = el('ul', {id: 'why'});
  const problems = el('ul', {class: 'problems'});
  const readiness = table('Readiness', [
    {head: 'Reason', text: (one) => one.name}, {head: 'Well', text: (one) => (one.ok ? 'yes' : 'no')},
    {head: 'What', text: (one) => one.text}], (one) => `${one.name} ${one.text}`);
  const tasks = table('Tasks', [
    {head: 'Task', text: (one) => one.name},
    {head: 'State', text: (one) => one.state + (one.suspect ? ', stands still' : '')},
    {head: 'Attempt', text: (one) => one.attempt}, {head: 'Restarts', text: (one) => one.restarts},
    {head: 'Progress', text: progress}, {head: 'Since', text: (one) => ago(one.since)},
    {head: 'Last failure', text: (one) => one.lastFailure},
    button('Restart…', (one) => actions.restartTask(side(), row, one), (one) => `Restart task ${one.name}`),
  ], (one) => one.name);
  const bars = timeline();
  const ends = table('Last ends', [
    {head: 'Start', text: (one) => `#${one.incarnation}`}, {head: 'Ended', text: (one) => clock(one.at)},
    {head: 'After', text: (one) => (one.livedMillis === undefined ? '' : millis(one.livedMillis))},
    {head: 'Code', text: (one) => one.code},
    {head: 'Why', text: (one) => one.why ?? one.text ?? one.meaning ?? one.reason},
    {head: 'Next start', text: (one) => (one.next ? clock(one.next) : '')},
    {head: 'Fingerprint', text: (one) => one.fingerprint},
    {head: '', make: () => el('button', {type: 'button', class: 'small'}, 'Incident…'),
      update(node, one) {
        const folder = side() === 'node' ? String(one.incident ?? '')
          : String(one.incident ?? '').split('/').pop(); // of a host it is a whole path
        show(node, folder !== '');
        node.setAttribute('aria-label', `Incident of start #${one.incarnation}`);
        node.onclick = () => incident(folder);
      }},
  ], (one) => `${one.incarnation} ${one.at}`);
  const checks = table('Health checks', [
    {head: 'Check', text: (one) => one.name}, {head: 'Up', text: (one) => (one.up ? 'yes' : 'no')},
    {head: 'Gates readiness', text: (one) => (one.gatesReadiness ? 'yes' : 'no')},
    {head: 'Message', text: (one) => one.message}], (one) => one.name);
  const queues = table('Queues', [
    {head: 'Queue', text: (one) => one.queue}, {head: 'Waiting', text: (one) => one.waiting},
    {head: 'Oldest', text: (one) => (one.oldestSeconds === undefined ? '' : span(one.oldestSeconds))},
    {head: 'Running', text: (one) => one.running}, {head: 'Done', text: (one) => one.done},
    {head: 'Dead', text: (one) => one.dead}, {head: 'Paused', text: (one) => one.paused},
    {head: '', make: () => el('span', {class: 'row'}, el('button', {type: 'button', class: 'small'}, 'Dead letters…'),
      el('button', {type: 'button', class: 'small'}, 'Redrive…')),
    update(node, one) {
      show(node, one.dead > 0);
      const [look, back] = node.children;
      look.setAttribute('aria-label', `Dead letters of ${one.queue}`);
      look.onclick = () => dead(one);
      back.setAttribute('aria-label', `Redrive ${one.queue}`);
      back.onclick = () => actions.redrive(side(), row, one);
    }},
  ], (one) => one.queue);
  const schedules = table('Schedules', [
    {head: 'Schedule', text: (one) => one.schedule}, {head: 'Next', text: (one) => (one.next ? clock(one.next) : '')},
    {head: 'Paused', text: (one) => (one.paused ? `by ${one.paused.by}: ${one.paused.reason}` : '')},
  ], (one) => one.schedule);
  const leases = table('Busy leases', [{head: 'Lease', text: plain}], plain);
  const startup = table('Startup tasks', [
    {head: 'Task', text: (one) => one.name ?? one.task}, {head: 'Facts', text: plain}], plain);
  const endpoints = table('Endpoints', [
    {head: 'Endpoint', text: (one) => one.name}, {head: 'At', text: (one) => `${one.protocol} ${one.host}:${one.port}`},
    {head: 'Open', text: (one) => (one.open ? 'yes' : 'no')}, {head: 'In flight', text: (one) => one.inFlight},
    {head: 'Served', text: (one) => one.served}], (one) => one.name);
  const work = facts('Other operations');
  const about = facts('Process');
  const lines = el('pre', {tabindex: 0, 'aria-label': 'Last log lines', id: 'log'});
  const logProblem = el('p', {class: 'problem', role: 'alert'});
  const log = el('details', {class: 'part', id: 'logs'}, el('summary', {}, 'Log (needs the token)'), logProblem, lines);
  const incidents = el('button', {type: 'button', onclick: listIncidents}, 'Incidents…');
  const node = el('section', {'aria-labelledby': 'instance', hidden: true},
    el('div', {class: 'row head'}, heading,
      el('button', {type: 'button', onclick: () => acts.freeze(row)}, 'Freeze…'),
      el('button', {type: 'button', onclick: () => actions.restart(side(), row)}, 'Restart…'), incidents),
    why, problems, readiness.node, tasks.node, bars.node, ends.node, queues.node, schedules.node,
    checks.node, leases.node, startup.node, endpoints.node, work.node, about.node, log);

  const withToken = (then) => (hasToken() ? then() : actions.giveToken(then));

  async function readLog() {
    try {
      const answer = await ask(path('/log', {instance: of()}));
      const below = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 30;
      setText(lines, (answer.lines ?? []).join('\n'));
      setText(logProblem, '');
      if (below) {
        lines.scrollTop = lines.scrollHeight;
      }
    } catch (refused) {
      setText(logProblem, refused.message);
    }
  }
  log.addEventListener('toggle', () => log.open && withToken(readLog));

  function dead(queue) {
    actions.view(`Dead letters of ${queue.queue}`, ['the first 20'], async () => {
      const answer = await ask(path('/operations/jobs',
        {instance: of(), what: 'dead', queue: queue.queue, limit: 20}));
      return (answer.deadLetters ?? []).map((one) =>
        `${one.at}  ${one.type}  ${one.id}\n  ${one.reason} after ${count(one.attempts, 'attempt')}: ${one.failure}`)
        .join('\n\n');
    });
  }

  async function show1(folder) {
    const answer = await ask('/incidents');
    const found = (answer.incidents ?? []).find((one) => one.name === folder);
    actions.view(folder, found?.files ?? [], async (file) => {
      const read = await ask(`/incidents/${encodeURIComponent(folder)}/${encodeURIComponent(file)}`);
      return read.cut ? `${read.text}\n… there is more of it in the folder` : read.text;
    });
  }

  const incident = (folder) => withToken(() => show1(folder).catch((refused) => acts.said(refused.message)));

  function listIncidents() {
    withToken(async () => {
      try {
        const answer = await ask('/incidents');
        const mine = (answer.incidents ?? []).filter((one) => one.instance === row.instance);
        actions.choose(`Incidents of ${row.instance}`,
          mine.map((one) => [one.name, `${one.name} ${one.fingerprint ?? ''}`]), incident);
      } catch (refused) {
        acts.said(refused.message);
      }
    });
  }

  return {
    node,
    focus: () => heading.focus(),
    /** What goes on by itself. */
    paint: () => !node.hidden && bars.paint(),
    poll: () => !node.hidden && log.open && hasToken() && readLog(),
    update(newRow, starts, explained, full) {
      if (row.instance !== newRow.instance) {
        setText(lines, '');
        log.open = false;
      }
      row = newRow;
      const host = row.host;
      show(node, true);
      setText(name, row.instance);
      word(state, row, full);
      texts(why, explained);
      texts(problems, [answers(row) ? row.hostProblem : '', row.problem, ...(host?.problems ?? []), ...(host?.notices ?? []),
        ...Object.entries(host?.operations ?? {}).map(([key, one]) => (one?.problem ? `${key}: ${one.problem}` : ''))]);
      readiness.update(host?.readiness);
      tasks.update(host?.tasks);
      bars.update(starts);
      const last = host?.lastEnd;
      ends.update(row.ends ?? (last && Object.keys(last).length > 0 ? [last] : []));
      queues.update(host?.operations?.jobs?.queues);
      schedules.update(host?.operations?.jobs?.schedules);
      checks.update(host?.healthChecks);
      leases.update(host?.busyLeases);
      startup.update(host?.startupTasks);
      endpoints.update(host?.endpoints);
      work.update(Object.entries(host?.operations ?? {}).filter(([key]) => key !== 'jobs')
        .map(([key, one]) => [key, plain(one)]));
      about.update(process(row, host));
    },
  };
}
