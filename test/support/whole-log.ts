import type { Entry } from '../../src/core/entry.ts';
import type { Store } from '../../src/core/ports.ts';

/** All entries of a conversation, or those after a number; throws where not all of them can be read. */
export const wholeLog = async (store: Pick<Store, 'read'>, id: string, after?: number): Promise<Entry[]> =>
  (await Array.fromAsync(store.read(id, after))).flat();
