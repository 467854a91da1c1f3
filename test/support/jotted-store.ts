import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../src/core/ports.ts';
import { type Ask, askedStore, type Question } from '../../src/stores/asked-store.ts';
import { jottedAsk } from '../../src/stores/jotted-ask.ts';
import { Jotter } from '../../src/stores/jotter.ts';
import { takeUp } from '../../src/stores/sqlite-jottings.ts';
import { SqliteLog } from '../../src/stores/sqlite-log.ts';
import { damagedConversation, storageProblem } from '../../src/stores/storage-problem.ts';

/** A store with a jotter whose database runs in this thread, so that its folder can be copied at any moment. */
export type JottedStore = { readonly store: Store; readonly log: SqliteLog; readonly lose: () => void; disk: Disk };

/** What the database refuses: everything new, what is added to one conversation, to erase. */
type Disk = { full: boolean; damaged?: string; keeps?: boolean };

const noRoom = () => storageProblem(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));

export async function jottedStore(folder: string, jotFile = join(folder, 'aside.jot')): Promise<JottedStore> {
  const log = new SqliteLog({ path: join(folder, 'aside.db') });
  const taken = takeUp(log, join(folder, 'aside.jot'))!;
  const disk: Disk = { full: false };
  const answer = async (question: Question): Promise<unknown> => {
    await turn();
    switch (question.type) {
      case 'append': {
        if (disk.full) throw noRoom();
        if (disk.damaged === question.id) throw damagedConversation();
        const [error] = log.together([question]);
        if (error) throw storageProblem(error);
        return undefined;
      }
      case 'read':
        return log.read(question.id, question.after, question.limit);
      case 'scrub':
        return log.scrub(question.id, question.seqs);
      case 'erase':
        if (disk.keeps) throw noRoom();
        return log.erase(question.id);
      case 'drop':
        return log.dropSounds(question.id, question.from, question.to);
      default:
        throw new Error(`nobody asks for ${question.type} here`);
    }
  };
  const jotted = jottedAsk(answer as Ask, await Jotter.open({ ...taken, path: jotFile }), taken.left);
  const store = askedStore(log.epoch, jotted.ask, async () => {
    await jotted.close();
    log.close();
  });
  return { store, log, lose: jotted.lose, disk };
}
