import { type Agent, seat } from './agent.ts';
import { type Conversation, conversation } from './conversation.ts';
import type { Entry, EntryOf, Fact } from './entry.ts';
import { stillStanding, tombstone } from './forgetting.ts';
import type { Clock, Opened, Store } from './ports.ts';
import { Problem } from './problem.ts';
import { isJudged, isOver } from './views.ts';

/** The conversations that are awake, and the way to the others. */
export interface Hub {
  readonly awake: number;
  /** Those that are awake. */
  talks(): Conversation[];
  /** Opens a conversation; what is known from the first moment is written down right behind its opening. */
  open(by: string, opening: Opening, ...known: Fact[]): Promise<Conversation>;
  /** Opens a conversation under an id of somebody's choice, or finds the one that is there already. */
  openAs(id: string, by: string, opening: Opening): Promise<Conversation>;
  /** Takes in a conversation that went on elsewhere. */
  adopt(past: readonly Entry[]): Promise<Conversation>;
  /** Loads it once though many ask; `undefined` when there is none. */
  find(id: string): Promise<Conversation | undefined>;
  list(): AsyncIterable<Opened>;
  /** What can still be read of a conversation that is damaged: its beginning, or nothing. */
  remains(id: string): Promise<readonly Entry[]>;
  erase(id: string): Promise<void>;
  /** Puts conversations to sleep that have their feedback, or that nobody has followed for `idle` ms. */
  sweep(idle: number): void;
  close(): Promise<void>;
}

type Opening = Extract<Fact, { type: 'opened' }>;

export type HubParts = {
  store: Store;
  clock: Clock;
  newId: () => string;
  agents: (opened: EntryOf<'opened'>, id: string) => Agent[];
  /** So many may be awake, and a tenth more who come back; to wake another, those that nobody has followed for `crowded` ms go to sleep. */
  most?: number;
  crowded?: number;
  /** Takes away what else is kept of a conversation that is erased. */
  erased?: (id: string) => Promise<void>;
  /** Whoever is there is told when an entry takes longer than so many ms to be on disk. */
  patience?: number;
};

type Awake = { talk: Conversation; control: AbortController; seats: Set<Promise<void>> };

const full = 'This Aside has as many sessions as it can hold, so yours has to wait. Try again in a moment; nothing that was said is lost.';
const takesLong = 'The storage takes long to answer: nothing new is shown until it does. What is shown already is kept.';
const wellAgain = 'The storage answers again, and everything that was said is kept.';
const beingErased = 'What was under this id is just being erased. Try again in a moment.';
/** When it is worth trying again, and how often it is worth looking for room, in ms. */
const comeBack = 10_000;
const between = 1_000;
/** So long a finished conversation stays awake for its review, in ms, if nobody else brings it. */
const judging = 3_600_000;

/** Keeps every awake conversation once, with its agents seated. */
export function hub({
  store,
  clock,
  newId,
  agents,
  most = Number.POSITIVE_INFINITY,
  crowded = 0,
  patience = 2_000,
  erased = async () => undefined,
}: HubParts): Hub {
  const awake = new Map<string, Promise<Awake | undefined>>();
  const settled = new Map<string, Awake>();
  const erasing = new Set<string>();

  function wake(id: string, past: readonly Entry[]): Awake {
    const talk = conversation(
      id,
      past,
      (entries) => safely(here, () => store.append(id, entries)),
      () => clock.now(),
      (seqs) => safely(here, () => store.scrub(id, seqs)),
    );
    const control = new AbortController();
    const here: Awake = { talk, control, seats: new Set() };
    settled.set(id, here);
    return here;
  }

  /** Those who are there hear when it takes long; where it is not known what is on disk, only the log can tell, once it can be read again. */
  async function safely({ talk }: Awake, write: () => Promise<void>): Promise<void> {
    const done = new AbortController();
    let told = false;
    const tell = () => {
      told = true;
      talk.signal({ type: 'trouble', code: 'storage_slow', message: takesLong });
    };
    clock.sleep(patience, done.signal).then(tell, () => undefined);
    try {
      await write();
      if (told) talk.append({ by: 'house', type: 'recovered', part: 'storage', message: wellAgain }).catch(() => undefined);
    } catch (error) {
      if (error instanceof Problem && error.code === 'storage_slow' && settled.get(talk.id)?.talk === talk) void sleep(talk.id, error);
      throw error;
    } finally {
      done.abort(null);
    }
  }

  function seatAgents(here: Awake): void {
    const opened = here.talk.entries[0];
    if (opened?.type !== 'opened' || isOver(here.talk.entries)) return;
    for (const agent of agents(opened, here.talk.id)) {
      const seated = seat(here.talk, agent, here.control.signal).finally(() => here.seats.delete(seated));
      here.seats.add(seated);
    }
  }

  let nextLook = 0;

  /** Lets another one wake, or says that there is no room. */
  function makeRoom(room: number): void {
    if (settled.size < room) return;
    // looking takes time, and a crowd asks often
    const waited = nextLook - clock.now();
    if (waited <= 0 || waited > between) {
      sweep(crowded);
      nextLook = clock.now() + between;
    }
    if (settled.size >= room) throw new Problem('busy', full, { after: comeBack });
  }

  async function load(id: string): Promise<Awake | undefined> {
    const past = (await Array.fromAsync(store.read(id))).flat();
    if (past.length === 0) return undefined;
    // whoever was here before finds room when nobody new does
    makeRoom(most * 1.1);
    const standing = stillStanding(past);
    if (standing.length > 0) await store.scrub(id, standing);
    for (const seq of standing) past[seq - 1] = tombstone(past[seq - 1]!);
    const here = wake(id, past);
    seatAgents(here);
    return here;
  }

  function sweep(idle: number): void {
    for (const [id, { talk, seats }] of settled) {
      const last = talk.entries.at(-1);
      const alone = talk.followers <= seats.size;
      const judged = isJudged(talk.entries);
      // whoever judges it still needs it
      const patience = !judged && isOver(talk.entries) ? Math.max(idle, judging) : idle;
      if (alone && last !== undefined && (judged || Date.parse(last.at) + patience < clock.now())) void sleep(id);
    }
  }

  async function sleep(id: string, why?: Problem): Promise<void> {
    const here = settled.get(id);
    settled.delete(id);
    awake.delete(id);
    here?.control.abort();
    here?.talk.close(why);
    await Promise.all(here?.seats ?? []);
  }

  /** Writes down how a conversation begins, and seats its agents. */
  async function begin(id: string, by: string, facts: readonly Fact[]): Promise<Awake> {
    const here = wake(id, []);
    try {
      await Promise.all(facts.map((fact) => here.talk.append({ by, ...fact })));
    } catch (error) {
      await sleep(id);
      // whoever opened it was told that it is not there
      if (error instanceof Problem && error.code === 'storage_slow') void store.erase(id).catch(() => undefined);
      throw error;
    }
    seatAgents(here);
    return here;
  }

  /** Loads it once though many ask. */
  async function find(id: string): Promise<Conversation | undefined> {
    if (erasing.has(id)) return undefined;
    const known = awake.get(id);
    if (known) return (await known)?.talk;
    const loading = load(id);
    awake.set(id, loading);
    try {
      const here = await loading;
      if (!here) awake.delete(id);
      return here?.talk;
    } catch (error) {
      awake.delete(id);
      throw error;
    }
  }

  return {
    get awake() {
      return settled.size;
    },
    talks: () => [...settled.values()].map(({ talk }) => talk),
    async open(by, opening, ...known) {
      makeRoom(most);
      const id = newId();
      const beginning = begin(id, by, [opening, ...known]);
      awake.set(id, beginning);
      return (await beginning).talk;
    },
    async openAs(id, by, opening) {
      for (;;) {
        if (erasing.has(id)) throw new Problem('busy', beingErased, { after: between });
        const there = await find(id);
        if (there) return there;
        // somebody else is on the way to it
        if (awake.has(id) || erasing.has(id)) continue;
        makeRoom(most);
        const beginning = begin(id, by, [opening]);
        awake.set(id, beginning);
        return (await beginning).talk;
      }
    },
    async adopt(past) {
      makeRoom(most);
      const id = newId();
      await store.append(id, past);
      const here = wake(id, past);
      awake.set(id, Promise.resolve(here));
      seatAgents(here);
      return here.talk;
    },
    find,
    list: () => store.list(),
    async remains(id) {
      const read: (readonly Entry[])[] = [];
      try {
        for await (const page of store.read(id)) read.push(page);
      } catch (error) {
        if (!(error instanceof Problem && error.code === 'storage_damaged')) throw error;
      }
      return read.flat();
    },
    async erase(id) {
      erasing.add(id);
      try {
        // what is still being loaded would stay awake
        if (!settled.has(id)) await awake.get(id)?.catch(() => undefined);
        await sleep(id);
        await store.erase(id);
        await erased(id);
      } finally {
        erasing.delete(id);
      }
    },
    sweep,
    async close() {
      await Promise.all([...settled.keys()].map((id) => sleep(id)));
    },
  };
}
