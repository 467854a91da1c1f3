import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

type Row = { seq: number; at: string; type: string; body: string };
type Append = { type: 'append'; id: string; rows: Row[]; opened?: { kind: string; at: string } };

/** What the store asks of its writing thread. */
export type Question =
  | { type: 'ready' | 'list' | 'close' }
  | Append
  | { type: 'read'; id: string; after: number; limit: number }
  | { type: 'erase'; id: string };

/** What the thread answers: a value or the words of an error. */
export type Answer = { call: number; value?: unknown; error?: string };

const { path, pages } = workerData as { path: string; pages?: number };
const db = new DatabaseSync(path, { timeout: 0 });
// exclusive: a second process on the same file would number entries on its own
db.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;');
if (pages) db.exec(`pragma max_page_count = ${Math.trunc(pages)};`);
db.exec(`
  create table if not exists conversations (id text primary key, kind text not null, at text not null) without rowid;
  create table if not exists entries (id text not null, seq integer not null, at text not null, type text not null, body text not null, primary key (id, seq)) without rowid;
`);

const addConversation = db.prepare('insert into conversations (id, kind, at) values (?, ?, ?)');
const addEntry = db.prepare('insert into entries (id, seq, at, type, body) values (?, ?, ?, ?, ?)');
const readBodies = db.prepare('select body from entries where id = ? and seq > ? order by seq limit ?');
const listAll = db.prepare('select id, kind, at from conversations order by at desc');
const dropEntries = db.prepare('delete from entries where id = ?');
const dropConversation = db.prepare('delete from conversations where id = ?');

type Waiting = { call: number; question: Append };
let waiting: Waiting[] = [];

const answer = (message: Answer) => parentPort!.postMessage(message);
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function write({ id, rows, opened }: Append): void {
  if (opened) addConversation.run(id, opened.kind, opened.at);
  for (const row of rows) addEntry.run(id, row.seq, row.at, row.type, row.body);
}

/** Everything that waited goes into one transaction; one bad append takes only itself down. */
function flush(): void {
  const batch = waiting;
  waiting = [];
  if (batch.length === 0) return;
  const errors = new Map<number, string>();
  try {
    db.exec('begin immediate');
    for (const { call, question } of batch) {
      db.exec('savepoint one');
      try {
        write(question);
      } catch (error) {
        errors.set(call, wordsOf(error));
        if (!db.isTransaction) throw error;
        db.exec('rollback to one');
      }
      db.exec('release one');
    }
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    for (const { call } of batch) errors.set(call, errors.get(call) ?? wordsOf(error));
  }
  for (const { call } of batch) {
    const error = errors.get(call);
    answer(error === undefined ? { call } : { call, error });
  }
}

function erase(id: string): void {
  db.exec('begin immediate');
  dropEntries.run(id);
  dropConversation.run(id);
  db.exec('commit');
  db.exec('pragma wal_checkpoint(truncate)');
}

function respond(question: Exclude<Question, Append>): unknown {
  switch (question.type) {
    case 'ready':
      return true;
    case 'read':
      return readBodies.all(question.id, question.after, question.limit).map((row) => row.body);
    case 'list':
      return listAll.all().map((row) => ({ ...row }));
    case 'erase':
      return erase(question.id);
    case 'close':
      return db.close();
  }
}

parentPort!.on('message', ({ call, question }: { call: number; question: Question }) => {
  if (question.type === 'append') {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push({ call, question });
    return;
  }
  flush();
  try {
    answer({ call, value: respond(question) });
  } catch (error) {
    if (db.isOpen && db.isTransaction) db.exec('rollback');
    answer({ call, error: wordsOf(error) });
  }
});
