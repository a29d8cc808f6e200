// Asks the plane that served the page: what is so, what happens, and to act.

// In memory alone: gone with the page, and never where another page or a disk could have it.
let token = '';

export function hasToken() {
  return token !== '';
}

export function setToken(text) {
  token = text.trim();
}

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Sends a request and returns the JSON of the answer; throws Refused with the plane's sentence. */
export async function ask(path, {method = 'GET', body = null, signal = null} = {}) {
  const headers = {Accept: 'application/json'};
  if (token !== '') {
    headers.Authorization = `Bearer ${token}`;
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
    throw new Refused(response.status, String(json.detail ?? json.title ?? response.status));
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

const pause = (time) => new Promise((done) => setTimeout(done, time));

/**
 * Follows /events for ever, resuming where it was. Not EventSource: that one can show no token and
 * hears only of types it was told of.
 *
 * heard(event) is called for each, link(up) when the connection comes and goes.
 */
export async function follow(heard, link) {
  let last = 0;
  for (let tries = 0; ; tries++) {
    try {
      const headers = {'Last-Event-ID': String(last), Accept: 'text/event-stream'};
      if (token !== '') {
        headers.Authorization = `Bearer ${token}`;
      }
      const response = await fetch('/events',
        {headers, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer'});
      if (!response.ok) {
        throw new Refused(response.status, 'no events');
      }
      link(true);
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
    } catch {
      // It went down, or is not up yet.
    }
    link(false);
    await pause(Math.min(5000, 500 * (tries + 1)));
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
