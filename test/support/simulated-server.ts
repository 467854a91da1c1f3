import { reviewer } from '../../src/agents/reviewer.ts';
import { access } from '../../src/api/access.ts';
import { coachSockets } from '../../src/api/coach-socket.ts';
import { openLine } from '../../src/api/line.ts';
import { sockets } from '../../src/api/sockets.ts';
import { tape } from '../../src/api/tape.ts';
import { ticketBox } from '../../src/api/tickets.ts';
import type { Agent } from '../../src/core/agent.ts';
import { budgets } from '../../src/core/budgets.ts';
import type { Entry, Review } from '../../src/core/entry.ts';
import { isEntry } from '../../src/core/entry.ts';
import { hub } from '../../src/core/hub.ts';
import type { Store } from '../../src/core/ports.ts';
import { Problem } from '../../src/core/problem.ts';
import { isOver } from '../../src/core/views.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { simulatedEar } from './simulated-ear.ts';
import type { Life, SimulatedTime } from './simulated-time.ts';
import type { Wire } from './simulated-wire.ts';

/** The disk that outlives every process: what it keeps, how long a write takes, whether it is full, and what was heard off the record. */
export type Disk = {
  store: Store;
  log: Entry[];
  /** What stores kept that are there no more, by their epochs. */
  readonly earlier: Map<string, readonly Entry[]>;
  readonly offTheRecord: Set<string>;
  full: boolean;
  delay(): number;
};

/** One process of the service, from its start to its end. */
export type SimulatedServer = {
  readonly life: Life;
  readonly wires: Set<Wire>;
  attend(wire: Wire, query: object): void;
  finish(): Promise<void>;
  /** Leaves politely: everybody is sent away and everything is written down; answers how many still follow. */
  leave(): Promise<number>;
  /** kill -9: from now on nothing that it began ever happens. */
  crash(): void;
};

export const session = 'x';
const anywhere = { shown: undefined, from: undefined };

/** Writes as slowly as a disk: a process may die before it is kept, or after it but before it knows. */
function slowly(disk: Disk, life: Life): Store {
  const never = new AbortController().signal;
  return {
    ...disk.store,
    async append(id, entries) {
      await life.sleep(disk.delay(), never);
      if (disk.full) throw new Problem('storage_full', 'The disk is full.');
      await disk.store.append(id, entries);
      disk.log.push(...entries);
      await life.sleep(disk.delay(), never);
    },
    async keepSound(id, chunk, bytes) {
      await life.sleep(disk.delay(), never);
      if (disk.full) throw new Problem('storage_full', 'The disk is full.');
      await disk.store.keepSound(id, chunk, bytes);
      await life.sleep(disk.delay(), never);
    },
  };
}

/** Puts another store in the place of this one: the same session under another epoch, whose lines were written a moment later, so that what is told of both is seen. */
export async function move(disk: Disk): Promise<void> {
  const { store, log } = disk;
  disk.earlier.set(store.epoch, log);
  disk.store = memoryStore(`${store.epoch}-anew`);
  disk.log = log.map((entry) => (entry.type === 'said' ? { ...entry, at: new Date(Date.parse(entry.at) + 1).toISOString() } : entry));
  await disk.store.append(session, disk.log);
  for await (const { chunk, bytes } of store.sounds(session)) await disk.store.keepSound(session, chunk, bytes);
}

/** Says something to every second line, and nothing to the others: each once, whichever process it is. */
const nodder: Agent = {
  name: 'nodder',
  async attend(talk, stop) {
    const judged = new Set(talk.entries.flatMap((entry) => (entry.type === 'advised' || entry.type === 'passed' ? [entry.about] : [])));
    for await (const news of talk.follow(0, stop)) {
      if (!isEntry(news) || news.type !== 'said' || judged.has(news.seq)) continue;
      judged.add(news.seq);
      const about = news.seq;
      if (isOver(talk.entries)) return;
      if (about % 2 === 0) await talk.append({ by: 'nodder', type: 'passed', about, reasons: ['nothing_to_add'] });
      else
        await talk.append({
          by: 'nodder',
          type: 'advised',
          text: `Yes to ${about}.`,
          kind: 'answer',
          about,
          reason: 'It was said.',
          evidence: [about],
        });
    }
  },
};

/** Starts a process on this disk. */
export function simulatedServer(time: SimulatedTime, disk: Disk, wallClock: () => number): SimulatedServer {
  const life = time.life(wallClock);
  const store = slowly(disk, life);
  const house = hub({ store, clock: life, newId: () => session, agents: () => [nodder] });
  const free = {
    guess: () => undefined,
    guessedWrong: () => undefined,
    bearer: () => undefined,
    request: () => undefined,
    socket: () => () => undefined,
  };
  const tickets = ticketBox({ newToken: () => 't', digest: (token) => token, clock: life, life: budgets.ticket, most: budgets.tickets });
  const finish = reviewer({ review: () => ({ summary_bullets: [] }) as unknown as Review });
  const gate = access({ hub: house, keys: [], bareIds: true, digest: (token) => token, tickets, admission: free, clock: life });
  const coached = coachSockets({
    access: gate,
    listen: async () => undefined,
    listenAgain: simulatedEar(life, (word) => disk.offTheRecord.add(word)),
    tape: tape(store),
    lastSpeaker: () => undefined,
    knowsVoices: () => true,
    learnVoices: () => undefined,
    engines: { ears: 'local', voice: 'none', brain: 'rules' },
    epoch: store.epoch,
    metrics: () => ({ type: 'metrics', metrics: {} as never }),
    clock: life,
    budgets,
  });
  const doors = sockets({ doors: { coach: coached }, access: gate, admission: free, clock: life, budgets });
  const wires = new Set<Wire>();
  let finishing: Promise<unknown> | undefined;

  return {
    life,
    wires,
    attend(wire, query) {
      wires.add(wire);
      const line = openLine(wire.server, budgets, life);
      wire.server.once('close', () => wires.delete(wire));
      doors.attend(line, session, query, anywhere).catch(() => wire.server.close(1011, 'A fault in the service'));
    },
    async finish() {
      const talk = await house.find(session);
      if (!talk) return;
      finishing = coached.flush(talk).then(() => finish(talk, new AbortController().signal));
      await finishing;
    },
    async leave() {
      const talk = await house.find(session);
      await doors.close();
      // a request that came before is answered first
      await finishing?.catch(() => undefined);
      await house.close();
      return talk?.followers ?? 0;
    },
    crash() {
      life.kill();
      for (const wire of wires) wire.crash();
    },
  };
}

/** The first entry of a session, and some that were said long ago. */
export function pastOf(lines: number, at: string): Entry[] {
  const opened: Entry = { seq: 1, at, by: 'user', type: 'opened', kind: 'coach', title: '', user: 'Alex' };
  const line = (index: number): Entry =>
    index % 2 === 0
      ? { seq: index + 2, at, by: 'user', type: 'said', via: 'voice', text: `long ago ${index}` }
      : { seq: index + 2, at, by: 'nodder', type: 'passed', about: index + 1, reasons: ['nothing_to_add'] };
  return [opened, ...Array.from({ length: lines }, (_, index) => line(index))];
}
