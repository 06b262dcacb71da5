type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A new element; `true` sets an attribute without a value, `false` and undefined leave it out. Text is never read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  made.append(...children);
  return made;
}

/** The element of the page with that id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** A list to choose one of, with its label. */
export function chooser(
  label: string,
  options: readonly (readonly [string, string])[],
  value: string,
  onChange: (value: string) => void,
): HTMLLabelElement {
  const select = element(
    'select',
    {},
    ...options.map(([key, text]) => element('option', { value: key }, text)),
  );
  select.value = value;
  select.addEventListener('change', () => onChange(select.value));
  return element('label', {}, label, select);
}

/** Name and words in pairs. */
export function pairs(list: readonly (readonly [string, Node | string])[], boxed: boolean): Node[] {
  return list.flatMap(([name, words]) => {
    const pair = [element('dt', {}, name), element('dd', {}, words)];
    return boxed ? [element('div', {}, ...pair)] : pair;
  });
}

/** A table of words and numbers; `strong` marks rows. */
export function figures(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  strong: readonly boolean[] = [],
): HTMLTableElement {
  const cells = (tag: 'td' | 'th', row: readonly string[], mark = false) =>
    element('tr', {}, ...row.map((cell) => element(tag, { class: mark && 'strong' }, cell)));
  return element(
    'table',
    { class: 'figures' },
    element('thead', {}, cells('th', headings)),
    element('tbody', {}, ...rows.map((row, i) => cells('td', row, strong[i]))),
  );
}
