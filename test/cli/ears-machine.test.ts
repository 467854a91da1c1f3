import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('nobody sees what a program says that was run quietly', () => {
  const machines = new URL('../../src/cli/ears-machine.ts', import.meta.url);
  const noisy = "console.log('out'); console.error('oh'); process.exit(3)";
  const script = `import { thisMachine } from '${machines}';
    process.exitCode = await thisMachine().quietly(process.execPath, ['-e', ${JSON.stringify(noisy)}], new AbortController().signal);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([3, '', '']);
});
