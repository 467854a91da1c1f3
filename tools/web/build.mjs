// Builds what browsers load, the pages and the SDK, into dist/: `npm ci` does it, `npm start` and the tests do it again where the source is newer.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { types } from './types.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const made = join(root, 'dist');
const sources = ['src/web', 'src/client', 'src/wire', 'tools/web'].map((folder) => join(root, folder));

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Whether what was built is younger than everything that it was built from; a file that is gone makes its folder younger. */
function isFresh() {
  const last = join(made, 'client.js');
  if (!existsSync(last) || !existsSync(join(made, 'web/index.html'))) return false;
  const built = statSync(last).mtimeMs;
  return sources
    .flatMap((folder) => [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, name))])
    .every((path) => statSync(path).mtimeMs < built);
}

const common = { configFile: false, root: join(root, 'src/web'), publicDir: false, logLevel: 'warn' };
const target = ['es2022', 'safari16.4'];

/** Every page of src/web is an entry; what it needs gets a name that changes with its bytes. */
const buildPages = (vite, outDir) =>
  vite.build({
    ...common,
    base: '/',
    build: {
      outDir,
      emptyOutDir: false,
      target,
      modulePreload: { polyfill: false },
      // the policy of the pages knows no data: addresses
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rollupOptions: {
        // what shows a notification while no page is open keeps its name and its place: it may speak for the whole site only from there
        input: readdirSync(common.root)
          .filter((file) => file.endsWith('.html') || file === 'push-worker.ts')
          .map((file) => join(common.root, file)),
        output: {
          entryFileNames: ({ name }) => (name === 'push-worker' ? 'push-worker.js' : 'assets/[name]-[hash].js'),
          // what all pages share is one file, and what chats share another: a phone waits longer for ten small ones than for their bytes
          codeSplitting: {
            groups: [
              {
                name: 'frame',
                test: /src\/web\/(tokens|frame|controls|memory|sure)\.|chat\/(copy-link|invitation)\.|src\/client\/(ask|steady-line)\./,
                priority: 2,
              },
              { name: 'chat', test: /src\/web\/((chat|lobby)\.css|chat\/)/ },
            ],
          },
        },
      },
    },
  });

/** The SDK is one file without a dependency. */
const buildClient = (vite, outDir) =>
  vite.build({
    ...common,
    build: {
      outDir,
      emptyOutDir: false,
      target,
      minify: true,
      reportCompressedSize: false,
      lib: { entry: join(root, 'src/client/coach.ts'), formats: ['es'], fileName: () => 'client.js' },
    },
  });

/** Beside each file that browsers load lies its compressed twin. */
function compress(folder) {
  for (const file of filesIn(folder).filter((name) => /\.(js|css|html|svg)$/.test(name))) {
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
  }
}

async function build() {
  const vite = await import('vite').catch(() => undefined);
  if (!vite || Number(process.versions.node.split('.')[0]) < 24) {
    console.error('The pages of Aside are not built: Vite or a current Node is missing here. A plain npm ci brings both and builds them.');
    return;
  }
  mkdirSync(made, { recursive: true });
  const next = join(made, `.next-${process.pid}`);
  try {
    await make(vite, next);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

async function make(vite, next) {
  await buildPages(vite, join(next, 'web'));
  await buildClient(vite, next);
  await types(root, join(next, 'types'));
  compress(next);
  // whoever reads meanwhile finds the old or the new, never half of it
  for (const name of readdirSync(next)) {
    rmSync(join(made, name), { recursive: true, force: true });
    renameSync(join(next, name), join(made, name));
  }
}

if (!process.argv.includes('--if-needed') || !isFresh()) await build();
