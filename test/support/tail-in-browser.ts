import type { Page } from 'playwright-core';

/** So many pieces of sound wait in the browser for somebody to hear them. */
export const waitingSound = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
    const database = await answer(indexedDB.open('aside.tail'));
    const count = await answer(database.transaction('pieces').objectStore('pieces').count());
    database.close();
    return count;
  });
