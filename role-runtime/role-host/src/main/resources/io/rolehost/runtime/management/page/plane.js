// Asks the plane that served the page: what is so, what happens, and to act.

// In memory alone: gone with the page, and never where another page or a disk could have it.
let token = '';
let wake = () => {};

export function hasToken() {
  return token !== '';
}

/** Shows this token from now on; none if it is ''. */
export function setToken(text) {
  token = text;
  wake();
}

/**
 * Finds out whether a token is one of this plane, and then shows it from now on. Returns whether it
 * lets act, and not only look; throws Refused if it is none.
 */
export async function tryToken(text) {
  const shown = text.trim();
  let acts = true;
  try {
    await ask('/incidents', {shown});
  } catch (problem) {
    if (!(problem instanceof Refused && problem.status === 403)) {
      throw problem;
    }
    acts = false;
  }
  setToken(shown);
  return acts;
}

/** A token that is none, perhaps no longer, is not shown again. */
function refused(shown, status, detail) {
  if (status === 401 && shown === token) {
    token = '';
  }
  return new Refused(status, detail);
}

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Sends a request and returns the JSON of the answer; throws Refused with the plane's sentence. */
export async function ask(path, {method = 'GET', body = null, signal = null, shown = token} = {}) {
  const headers = {Accept: 'application/json'};
  if (shown !== '') {
    headers.Authorization = `Bearer ${shown}`;
  }
  if (body !== null) {
    headers['Content-Type'] = 'application/json';
  }
  const limit = AbortSignal.timeout(35000);
  const response = await fetch(path, {
    method, headers, body: body === null ? undefined : JSON.stringify(body),
    signal: signal === null ? limit : AbortSignal.any([signal, limit]),
    cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer',
  });
  const text = await response.text();
  let json;
  try {
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refused(response.status, `The answer to ${path} is not JSON (${response.status}).`);
  }
  if (!response.ok) {
    throw refused(shown, response.status, String(json.detail ?? json.title ?? response.status));
  }
  return json;
}

/** A path with parameters, of which those that are empty are left out. */
export function path(base, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== '' && value !== null && value !== undefined) {
      query.append(name, value);
    }
  }
  return query.size === 0 ? base : `${base}?${query}`;
}

/** Until the time is over or there is another token. */
const pause = (time) => new Promise((done) => {
  wake = done;
  setTimeout(done, time);
});

/**
 * Follows /events for ever, resuming where it was. Not EventSource: that one can show no token and
 * hears only of types it was told of.
 *
 * heard(event) is called for each, link(state) when the connection is 'up', 'down', or 'refused'
 * for want of a token.
 */
export async function follow(heard, link) {
  let last = 0;
  for (let tries = 0; ; tries++) {
    let state = 'down';
    const shown = token;
    try {
      const headers = {'Last-Event-ID': String(last), Accept: 'text/event-stream'};
      if (shown !== '') {
        headers.Authorization = `Bearer ${shown}`;
      }
      const response = await fetch('/events',
        {headers, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer'});
      if (!response.ok) {
        throw refused(shown, response.status, 'no events');
      }
      link('up');
      tries = 0;
      let text = '';
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const {done, value} = await reader.read();
        if (done) {
          break;
        }
        text += value;
        let end = text.indexOf('\n\n');
        while (end >= 0) {
          last = event(text.slice(0, end), last, heard);
          text = text.slice(end + 2);
          end = text.indexOf('\n\n');
        }
      }
    } catch (problem) {
      // It went down, or is not up yet, or needs a token.
      state = problem instanceof Refused && problem.status === 401 ? 'refused' : 'down';
    }
    const next = pause(state === 'refused' ? 30000 : Math.min(5000, 500 * (tries + 1)));
    link(state);
    await next;
  }
}

function event(block, last, heard) {
  let id = last;
  const data = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('id:')) {
      id = Number(line.slice(3).trim());
    } else if (line.startsWith('data:')) {
      data.push(line.slice(5).trimStart());
    }
  }
  if (data.length > 0) {
    try {
      heard(JSON.parse(data.join('\n')));
    } catch (problem) {
      console.error('An event could not be shown', problem);
    }
  }
  return Number.isFinite(id) ? id : last;
}
