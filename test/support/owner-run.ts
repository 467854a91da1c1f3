// node owner-run.ts <database>: becomes the owner of the file and writes, or says that it was refused.
import { sqliteStore } from '../../src/stores/sqlite.ts';
import { wholeLog } from './whole-log.ts';

const [path] = process.argv.slice(2) as [string];
const by = String(process.pid);
const id = 'the talk';

try {
  const store = await sqliteStore(path, { patience: 100 });
  console.log('owner');
  let seq = (await wholeLog(store, id)).at(-1)?.seq ?? 0;
  for (;;) {
    seq += 1;
    const fact = seq === 1 ? ({ type: 'opened', kind: 'coach', title: '' } as const) : ({ type: 'said', via: 'text', text: 'mine' } as const);
    await store.append(id, [{ ...fact, by, seq, at: new Date().toISOString() }]);
    console.log(`kept ${seq}`);
  }
} catch (error) {
  console.log(`refused ${(error as Error).message}`);
  process.exit(0);
}
