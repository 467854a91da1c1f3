import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the whole run one folder for everything temporary, and takes it away in the end. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'aside-run-'));
  process.env.TMPDIR = folder;
  // what Node still calls experimental is no news in a list of results
  process.env.NODE_NO_WARNINGS = '1';
  return () => rmSync(folder, { recursive: true, force: true });
}
