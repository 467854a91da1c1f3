// node lock-run.ts <database> <ms>: has the database for itself for so long, as another program would.
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const [path, ms] = process.argv.slice(2) as [string, string];
const db = new DatabaseSync(path);
db.exec('pragma locking_mode = exclusive; begin exclusive;');
console.log('locked');
await sleep(Number(ms));
db.exec('rollback');
db.close();
