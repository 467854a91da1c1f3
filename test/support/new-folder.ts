import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for one story. */
export const newFolder = () => mkdtempSync(join(tmpdir(), 'aside-'));
