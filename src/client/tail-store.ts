import { type Piece, type Tail, tail } from './tail.ts';

/** The sound of this session that an earlier page could not deliver, kept in this browser from now on; a browser that forbids it keeps nothing. */
export async function storedTail(session: string): Promise<Tail> {
  const database = await open().catch(() => undefined);
  const pieces = (mode: IDBTransactionMode) => database!.transaction('pieces', mode).objectStore('pieces');
  const upTo = (no: number) => IDBKeyRange.bound([session, 0], [session, no]);
  // a database that fails costs the reload, never the session
  const attempt = (work: () => void) => {
    try {
      if (database) work();
    } catch {}
  };
  // what other sessions left was given up with them
  attempt(() => pieces('readwrite').delete(IDBKeyRange.upperBound([session, 0], true)));
  attempt(() => pieces('readwrite').delete(IDBKeyRange.lowerBound([session, Number.MAX_SAFE_INTEGER], true)));
  const left = database && answer<Piece[]>(pieces('readonly').getAll(upTo(Number.MAX_SAFE_INTEGER))).catch(() => []);
  return tail((await left) ?? [], {
    keep: (piece) => attempt(() => pieces('readwrite').put({ ...piece, session })),
    forget: (no) => attempt(() => pieces('readwrite').delete(upTo(no))),
  });
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
