// node show-run.ts <the house> <data folder> <how many>: appends line after line to one conversation and tells on its output
// what a follower was shown, as a socket would.
import { writeSync } from 'node:fs';
import { join } from 'node:path';

const [house, folder, count] = process.argv.slice(2) as [string, string, string];
const { hub } = (await import(`${house}src/core/hub.ts`)) as typeof import('../../src/core/hub.ts');
const { sqliteStore } = (await import(`${house}src/stores/sqlite.ts`)) as typeof import('../../src/stores/sqlite.ts');

const store = await sqliteStore(join(folder, 'aside.db'));
const { open } = hub({ store, clock: { now: () => 0, sleep: () => new Promise<void>(() => undefined) }, newId: () => 'a', agents: () => [] });
const talk = await open('user', { type: 'opened', kind: 'coach', title: '' });
for await (const news of talk.follow(0, new AbortController().signal)) {
  if (!('seq' in news)) continue;
  writeSync(1, `shown ${news.seq}\n`);
  if (news.seq >= Number(count)) break;
  void talk.append({ by: 'user', type: 'said', via: 'text', text: `line ${news.seq}` });
}
await store.close();
