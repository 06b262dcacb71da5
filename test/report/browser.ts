import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The browser of this machine, or undefined: Debian's package is `chromium`. */
export const browserPath = PLACES.find((path) => path !== '' && existsSync(path));

export function launch(): Promise<Browser> {
  // No sandbox: where tests run as root there is none to be had.
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
