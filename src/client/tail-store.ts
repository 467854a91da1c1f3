import { type Piece, type Tail, tail } from './tail.ts';

/** Where, before all pieces, stands what the voices are like. */
const voicesAt = -1;

/** The sound of this session that an earlier page could not deliver, kept in this browser from now on; a browser that forbids it keeps nothing. */
export async function storedTail(session: string): Promise<Tail> {
  const database = await open().catch(() => undefined);
  const pieces = (mode: IDBTransactionMode) => database!.transaction('pieces', mode).objectStore('pieces');
  const upTo = (no: number) => IDBKeyRange.bound([session, 0], [session, no]);
  const all = IDBKeyRange.bound([session, voicesAt], [session, Number.MAX_SAFE_INTEGER]);
  // a database that fails costs the reload, never the session
  const attempt = (work: () => void) => {
    try {
      if (database) work();
    } catch {}
  };
  // what other sessions left was given up with them
  attempt(() => pieces('readwrite').delete(IDBKeyRange.upperBound([session, voicesAt], true)));
  attempt(() => pieces('readwrite').delete(IDBKeyRange.lowerBound([session, Number.MAX_SAFE_INTEGER], true)));
  const left = database && answer<Piece[]>(pieces('readonly').getAll(upTo(Number.MAX_SAFE_INTEGER))).catch(() => []);
  const known = database && answer<{ voices?: number[] } | undefined>(pieces('readonly').get([session, voicesAt])).catch(() => undefined);
  const store = {
    keep: (piece: Piece) => attempt(() => pieces('readwrite').put({ ...piece, session })),
    forget: (no: number) => attempt(() => pieces('readwrite').delete(upTo(no))),
    keepVoices: (voices: readonly number[]) => attempt(() => pieces('readwrite').put({ session, no: voicesAt, voices })),
    clear: () => attempt(() => pieces('readwrite').delete(all)),
  };
  return tail((await left) ?? [], store, (await known)?.voices);
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('aside.tail', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('pieces', { keyPath: ['session', 'no'] });
  return answer(request);
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
