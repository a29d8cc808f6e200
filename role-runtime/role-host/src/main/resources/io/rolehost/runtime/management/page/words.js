// How numbers and times are told. Pure.

const STEPS = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];

/** 3725 → "1 h 2 min". */
export function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  for (let i = 0; i < STEPS.length; i++) {
    const [size, unit] = STEPS[i];
    if (whole >= size) {
      const rest = i + 1 < STEPS.length ? Math.floor((whole % size) / STEPS[i + 1][0]) : 0;
      return `${Math.floor(whole / size)} ${unit}` + (rest > 0 ? ` ${rest} ${STEPS[i + 1][1]}` : '');
    }
  }
  return '0 s';
}

/** Like span, with tenths below ten seconds. */
export function millis(value) {
  return value < 10000 ? `${Math.round(value / 100) / 10} s` : span(value / 1000);
}

/** The last whole digit that counts down: "59:07" or "1:00:00". */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(left / 3600);
  return (hours > 0 ? `${hours}:${two(Math.floor((left % 3600) / 60))}` : `${Math.floor(left / 60)}`)
    + `:${two(left % 60)}`;
}

export function clock(instant) {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? String(instant ?? '') : at.toLocaleString(undefined,
    {hour: '2-digit', minute: '2-digit', second: '2-digit', day: '2-digit', month: 'short'});
}

export function ago(instant, now = Date.now()) {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? '' : `${span((now - at) / 1000)} ago`;
}

/** "a, b and 3 more". */
export function names(all, most = 6) {
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

export function count(n, one, many = `${one}s`) {
  return `${n} ${n === 1 ? one : many}`;
}

export function bytes(n) {
  return typeof n !== 'number' ? '' : n >= 1 << 30 ? `${(n / (1 << 30)).toFixed(1)} GiB`
    : `${Math.round(n / (1 << 20))} MiB`;
}
