// Starts the source as it stands: checks that this Node can, then hands over.
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';

const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Aside needs Node 24 or newer and found ${process.version}. Start it with npm start after a plain npm ci, which brings a current Node along (NODE_ENV=production leaves that out), or install a current Node.`,
  );
  process.exit(1);
}
process.removeAllListeners('warning');

// stripped once, kept for the next start: half the time and 40 MB less; threads learn of it by the variable
module.enableCompileCache();
process.env.NODE_COMPILE_CACHE ??= module.getCompileCacheDir();
// whoever is killed keeps nothing at the end
setTimeout(() => module.flushCompileCache(), 1_000).unref();

const [first, ...rest] = process.argv.slice(2);
if (first === '--run') {
  process.argv.splice(1, 3, rest[0]);
  await import(new URL(`../${rest[0]}`, import.meta.url));
} else {
  // what reading the source leaves behind gets no room; the service lets its young generation grow once it listens
  if (first === 'serve') setFlagsFromString('--semi-space-growth-factor=1');
  await import(new URL('../src/main.ts', import.meta.url));
}
