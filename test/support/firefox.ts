import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, firefox } from 'playwright-core';
import { newFolder } from './new-folder.ts';
import { programPath } from './program.ts';

/** Firefox on this machine. */
export const firefoxPath = programPath(['firefox-esr', 'firefox']);

const relay = fileURLToPath(new URL('./firefox-relay.ts', import.meta.url));

/** A browser of its own, as Debian ships it, whose microphone hums without a pause and whose loudspeaker is a pretended one. */
export function openFirefox(): Promise<Browser> {
  const folder = newFolder();
  const program = join(folder, 'firefox');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${relay}' '${firefoxPath}' "$@"\n`, { mode: 0o755 });
  return firefox.launch({
    executablePath: program,
    // Firefox as it is, not the one that playwright builds
    channel: 'moz-firefox',
    // as root it starts in a home of root's only
    env: { ...process.env, HOME: folder, MOZ_CRASHREPORTER_DISABLE: '1' },
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      // without a loudspeaker no sound would ever begin
      'media.cubeb.force_mock_context': true,
    },
  });
}
