import { pocketsphinxPackages } from '../../src/engines/local/pocketsphinx.ts';

/** What a test needs that a machine may lack, and what brings it: whoever is skipped says one of these. */
export const needs = {
  chromium: 'needs a browser (Debian package: chromium)',
  ffmpeg: 'needs ffmpeg (Debian package: ffmpeg)',
  firefox: 'needs a browser (Debian package: firefox-esr)',
  libopus: 'needs libopus (Debian package: libopus0, npm package: koffi)',
  pocketsphinx: `needs PocketSphinx (Debian packages: ${pocketsphinxPackages.join(' ')})`,
  pocketsphinxLibrary: 'needs the library of PocketSphinx (npm package: koffi)',
  postgres: 'needs PostgreSQL (Debian package: postgresql)',
  sherpa: 'needs sherpa-onnx (npm package: sherpa-onnx-node)',
  smallDisk: 'needs to mount a small disk of its own (Linux, as root)',
  strace: 'needs strace (Debian package: strace)',
  tar: 'needs tar with bzip2 (Debian packages: tar bzip2)',
  shell: 'needs a POSIX shell (any system but Windows)',
  devFull: 'needs /dev/full (Linux)',
  proc: 'needs /proc (Linux)',
  browserRecordings: 'needs recordings of real browsers (../shared/sound/browser)',
  speechRecordings: 'needs recordings of real people (../shared/sound/speech)',
} as const;

/** The title of a test or a group that is skipped where something is not here: then it says what. */
export const titled = (here: unknown, need: string, title: string): string => (here ? title : `${title}: ${need}`);
