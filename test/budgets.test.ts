import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { budgetTable } from '../src/core/budgets.ts';

test('C10 the table of docs/reliability.md is the budgets', () => {
  const rows = readFileSync(new URL('../docs/reliability.md', import.meta.url), 'utf8')
    .split('## Budgets')[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(Object.entries(budgetTable).map(([name, [value, what]]) => `| \`${name}\` | ${value.toLocaleString('en')} | ${what} |`));
});
