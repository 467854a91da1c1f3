import { describe, expect, test } from 'vitest';
import { toneServer } from '../support/child-server.ts';
import { hostileCases } from '../support/hostile-frames.ts';
import { tryOut } from '../support/hostile-run.ts';
import { interview } from '../support/served.ts';
import { figure } from '../support/tier.ts';

async function sessionAt(base: string): Promise<string> {
  const answer = await fetch(`${base}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(interview),
  });
  return `/ws/${((await answer.json()) as { session_id: string }).session_id}`;
}

describe('T10 hostile sockets', () => {
  test(`${hostileCases.length} broken rules of sockets and commands, and the rules' own borders: each ends with its code`, async () => {
    await using server = await toneServer();
    const path = await sessionAt(server.base);
    const wrong: string[] = [];
    for (const each of hostileCases) {
      const verdict = await tryOut(server.base, path, each);
      if (verdict) wrong.push(verdict);
    }
    expect(wrong).toEqual([]);
    figure('T10', 'rules of sockets and commands tried', hostileCases.length);
    figure('T10', 'of them ended with another code', wrong.length, { most: 0 });
    expect(server.complained()).toBe('');
  });
});
