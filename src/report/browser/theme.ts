import { DARK, LIGHT, type Theme } from '../charts/theme.js';
import { element } from './dom.js';

const system = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme | null = null;

/** The colours in use: those chosen on the page, else those of the system. */
export function theme(): Theme {
  return chosen ?? (system.matches ? DARK : LIGHT);
}

/** A button that changes between light and dark; `onChange` redraws. */
export function themeButton(onChange: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button' });
  const show = () => {
    const { name } = theme();
    document.documentElement.dataset['theme'] = name;
    button.textContent = name === 'dark' ? '☀ Light' : '☾ Dark';
    button.setAttribute('aria-label', name === 'dark' ? 'Use light colours' : 'Use dark colours');
  };
  button.addEventListener('click', () => {
    chosen = theme().name === 'dark' ? LIGHT : DARK;
    show();
    onChange();
  });
  system.addEventListener('change', () => {
    show();
    onChange();
  });
  show();
  return button;
}
