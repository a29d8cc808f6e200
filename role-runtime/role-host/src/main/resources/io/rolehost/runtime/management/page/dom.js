// Makes and patches elements. What comes from outside only ever becomes text: nothing here, and
// nothing that uses it, takes markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== undefined && value !== null) {
      node.setAttribute(name, String(value));
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** An element; a child that is a string becomes text. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Sets a text, and leaves the page alone if it is that already. */
export function setText(node, text) {
  const value = text === undefined || text === null ? '' : String(text);
  if (node.textContent !== value) {
    node.textContent = value;
  }
}

export function setAttribute(node, name, value) {
  const text = String(value);
  if (node.getAttribute(name) !== text) {
    node.setAttribute(name, text);
  }
}

export function show(node, visible) {
  if (node.hidden === visible) {
    node.hidden = !visible;
  }
}

/**
 * Keeps one child for each item, in order. A child that stays is updated and not made anew, so that
 * focus, selection and what is open stay as they are.
 *
 * make(item) returns {node, update(item)}.
 */
export function keyed(parent, items, key, make) {
  const before = parent.kept ?? new Map();
  const wanted = new Map(items.map((item) => [key(item), item]));
  for (const [id, part] of before) {
    if (!wanted.has(id)) {
      part.node.remove();
      before.delete(id);
    }
  }
  let next = parent.firstChild;
  const now = new Map();
  for (const [id, item] of wanted) {
    const part = before.get(id) ?? make(item);
    now.set(id, part);
    part.update(item);
    if (part.node === next) {
      next = next.nextSibling;
    } else {
      parent.insertBefore(part.node, next);
    }
  }
  parent.kept = now;
}

/**
 * A table of columns {head, text(item)} or {head, make(), update(node, item)}. The first is the
 * header of its row. Hidden while it is empty.
 */
export function table(title, columns, key, options = {}) {
  const body = el('tbody');
  const heading = el(options.level ?? 'h3', {}, title);
  const node = el('section', {class: 'part', hidden: true},
    heading,
    el('div', {class: 'wide', tabindex: 0, role: 'region', 'aria-label': title},
      el('table', {class: 'cards'},
        el('thead', {}, el('tr', {}, ...columns.map((c) => el('th', {scope: 'col'}, c.head)))),
        body)));
  function row() {
    const cells = columns.map((column, i) => el(i === 0 ? 'th' : 'td',
      {scope: i === 0 ? 'row' : false, 'data-head': column.head},
      column.make ? column.make() : null));
    return {
      node: el('tr', {}, ...cells),
      update(item) {
        columns.forEach((column, i) => {
          if (column.make) {
            column.update(cells[i].firstChild, item);
          } else {
            setText(cells[i], column.text(item));
          }
        });
      },
    };
  }
  return {
    node,
    update(items) {
      const all = items ?? [];
      show(node, all.length > 0 || options.always === true);
      keyed(body, all, key, row);
    },
  };
}

/** A button that acts on the newest of what its row shows. */
export function button(label, act, name) {
  return {
    head: '',
    make() {
      const node = el('button', {type: 'button', class: 'small'}, label);
      node.addEventListener('click', () => act(node.item));
      return node;
    },
    update(node, item) {
      node.item = item;
      setAttribute(node, 'aria-label', name(item));
    },
  };
}
