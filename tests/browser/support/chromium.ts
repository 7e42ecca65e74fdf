import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where Chromium is: CHROMIUM, else one of the path. Throws with what to install. */
export function chromiumPath(): string {
  const given = process.env['CHROMIUM'];
  if (given) return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
  if (found) return found;
  throw new Error(
    'The browser tests need Chromium, which was not found. On Debian: apt-get install chromium. Elsewhere install Chromium or Chrome, or name one by CHROMIUM=/path/to/chromium; then run the same command again.',
  );
}

export function launchChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: chromiumPath(),
    // Chromium's sandbox cannot be made by root.
    args: isRoot ? ['--no-sandbox'] : [],
    timeout: 120_000,
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
