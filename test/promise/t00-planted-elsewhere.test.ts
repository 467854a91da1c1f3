import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Fault, planted } from '../support/planted.ts';

/** What the house promises outside of these tests: the story that holds it to that, where it stands, and a fault that it must not overlook. */
const promises: readonly (readonly [promise: string, file: string, story: string, fault: Fault])[] = [
  [
    'no start without keys where strangers can come',
    'test/api/door.test.ts',
    'Y2',
    { file: 'src/api/door.ts', was: "if (settings.ALLOW_ANONYMOUS !== '1') throw new Problem('settings', open);", is: '' },
  ],
  [
    'no key opens sessions without end',
    'test/api/limits.test.ts',
    'X6',
    { file: 'src/api/admission.ts', was: `if (key !== undefined) check(openings.take(\`key \${key}\`));`, is: '' },
  ],
  [
    'no token is used without end, from wherever',
    'test/api/limits.test.ts',
    'X14',
    { file: 'src/api/admission.ts', was: "check(bearers.take(name), 'with your token');", is: '' },
  ],
  [
    'no address asks without end',
    'test/api/limits.test.ts',
    'X7',
    { file: 'src/api/admission.ts', was: 'if (from !== undefined) check(requests.take(from));', is: '' },
  ],
  [
    'no address has sockets without end',
    'test/api/limits.test.ts',
    'X8',
    { file: 'src/api/admission.ts', was: 'if (here >= budgets.socketsPerAddress)', is: 'if (here < 0)' },
  ],
  [
    'nobody takes more than there is',
    'test/api/limits.test.ts',
    'X3',
    { file: 'src/api/limits.ts', was: 'return Math.max(0, full - time - room);', is: 'return 0;' },
  ],
  [
    'words go when their days are over',
    'test/core/retention.test.ts',
    'P1',
    { file: 'src/core/retention.ts', was: 'Math.max(days * 24 * hour', is: 'Math.max(2 * days * 24 * hour' },
  ],
  [
    'cards are blanked out',
    'test/core/redaction.test.ts',
    'R2',
    { file: 'src/core/redaction.ts', was: "if (kinds.has('cards')) left = left.replace(digits, withoutCards);", is: '' },
  ],
  [
    'sound goes when its days are over',
    'test/core/retention.test.ts',
    'P3',
    { file: 'src/core/retention.ts', was: "return passed(sound) ? 'sound' : 'nothing';", is: "return 'nothing';" },
  ],
  [
    'nothing is brought in that was taken off the record and stands there still',
    'test/api/session-copy.test.ts',
    'P8',
    { file: 'src/api/session-copy.ts', was: 'if (stillStanding(past).length > 0)', is: 'if (stillStanding(past).length < 0)' },
  ],
  [
    'no new session while it leaves',
    'test/api/leaving.test.ts',
    'W24',
    { file: 'src/api/leaving.ts', was: "if (left && routeOptions.url !== '/ready')", is: "if (left && routeOptions.url === '/health')" },
  ],
  [
    '/ready is honest',
    'test/api/metrics.test.ts',
    'O13',
    { file: 'src/api/health.ts', was: '.code(trouble || leaves ? 503 : 200)', is: '.code(200)' },
  ],
  [
    '/metrics is honest',
    'test/api/metrics.test.ts',
    'O6 a session',
    { file: 'src/meters/meters.ts', was: "if (entry.type === 'opened') opened();", is: "if (entry.type === 'ended') opened();" },
  ],
  [
    'spans tell no id',
    'test/meters/spans.test.ts',
    'O11',
    { file: 'src/meters/turns.ts', was: "'aside.session': hash(talk)", is: "'aside.session': talk" },
  ],
];

type Told = { readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string }[] }[] };

describe('what other rooms promise is held by their own stories', { timeout: 300_000 }, () => {
  let stories: Told['testResults'][number]['assertionResults'];
  // one copy with all of these faults, none of which touches the story of another, and one run of the very same tests in it
  beforeAll(async () => {
    const copy = fileURLToPath(planted(...promises.map(([, , , fault]) => fault)));
    for (const part of ['vitest.config.ts', 'tsconfig.json', 'test/api', 'test/core', 'test/meters'])
      cpSync(part, join(copy, part), { recursive: true });
    const told = join(copy, 'told.json');
    const files = [...new Set(promises.map(([, file]) => file))];
    const only = `(${promises.map(([, , story]) => story).join('|')})\\b`;
    const asked = ['run', ...files, '-t', only, '--reporter=json', `--outputFile=${told}`, '--maxWorkers=1', '--no-cache'];
    const { PATH, TMPDIR } = process.env;
    const run = spawn(process.execPath, [join(copy, 'node_modules/vitest/vitest.mjs'), ...asked], {
      cwd: copy,
      env: { PATH, TMPDIR },
      stdio: 'ignore',
    });
    await once(run, 'exit');
    const { testResults } = JSON.parse(readFileSync(told, 'utf8')) as Told;
    stories = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === 'passed' || status === 'failed');
  }, 300_000);

  test.each(promises)('planted: %s, and whoever breaks it is caught', (_, _file, story) => {
    const those = stories.filter(({ title }) => title.startsWith(story));
    expect(those.map(({ status }) => status)).toContain('failed');
  });

  test('what no fault touches goes well there', () => {
    expect(stories.filter(({ title, status }) => title.startsWith('R2') && status === 'passed').length).toBeGreaterThan(0);
  });
});
