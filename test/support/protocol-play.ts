import type { Entry } from '../../src/core/entry.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import type { Deed, Program, Step } from './protocol-program.ts';
import { type Page, simulatedPage } from './simulated-page.ts';
import { type Disk, move, pastOf, type SimulatedServer, session, simulatedServer } from './simulated-server.ts';
import { type Life, simulatedTime } from './simulated-time.ts';
import { type Network, type Wire, wire } from './simulated-wire.ts';
import { seeded } from './speech-like.ts';

/** What was left of everything when a program was over. */
export type Outcome = {
  readonly log: readonly Entry[];
  /** The logs of stores before this one, by their epochs. */
  readonly earlier: ReadonlyMap<string, readonly Entry[]>;
  readonly pages: readonly Page[];
  readonly finished: boolean;
  /** What was seen to be wrong while it went on. */
  readonly faults: readonly string[];
};

const began = Date.parse('2026-01-01T00:00:00Z');
const hour = 3_600_000;
/** A word that is spoken in no time, so that much can happen between two; and a silence, in ms. */
const wordMs = 1;
const silentMs = 500;

const wordsIn = (log: readonly Entry[]): Set<string> =>
  new Set(log.flatMap((entry) => (entry.type === 'said' && entry.by === 'ear' ? entry.text.split(' ') : [])));

/** Plays a program against the real client and the real service, in a time of its own, and lets everything through at its end. */
export async function play(program: Program): Promise<Outcome> {
  const time = simulatedTime();
  const network = time.life();
  const random = seeded(program.seed);
  let skew = 0;
  const wallClock = () => began + time.now + skew;
  const disk: Disk = { store: memoryStore(), log: [], earlier: new Map(), offTheRecord: new Set(), full: false, delay: () => 0.5 + random() };
  const past = pastOf(program.past, new Date(began).toISOString());
  await disk.store.append(session, past);
  disk.log.push(...past);

  const happens = (...which: Deed[]) => program.steps.some(({ deed }) => which.includes(deed));
  const faults: string[] = [];
  // how late a greeting was, only the page knows that got it: another one takes its sound for as much younger
  const sieve: Network = { held: { up: false, down: false }, swap: 0, double: 0, greets: happens('reload') || happens('other') };
  const pages: Page[] = [];
  let wires: Wire[] = [];
  let waiting: AbortController[] = [];
  let away = false;
  let server: SimulatedServer | undefined = simulatedServer(time, disk, wallClock);
  let leaving: Promise<unknown> | undefined;
  let finished = false;
  let word = 0;
  let line = 0;

  const told = (data: string | Buffer) => {
    const seq = Number(/"seq":(\d+)/.exec(String(data))?.[1] ?? 0);
    if (seq > disk.log.length) faults.push(`shown before it was saved: ${data}`);
  };
  const connect = (address: string, life: Life) => {
    // two devices give the same numbers to what they record at the same time
    if (rivals() > 1) excuse(pages.filter((page) => page.life !== life));
    const query = Object.fromEntries(new URL(address).searchParams);
    const made: Wire = wire(
      network,
      sieve,
      () => {
        if (away || !server) return false;
        server.attend(made, query);
        return true;
      },
      told,
    );
    wires = [...wires.filter(({ open }) => open), made];
    return made.client;
  };
  const online = () => {
    const control = new AbortController();
    waiting.push(control);
    return control.signal;
  };
  const goOn = () => {
    away = false;
    for (const control of waiting.splice(0)) control.abort();
    waiting = [];
  };
  const open = (before?: Page) => pages.push(simulatedPage(time, connect, random, online, () => disk.full, before));
  /** What is not in the log yet may be missing from now on. */
  const excuse = (which: readonly Page[]) => {
    const kept = wordsIn(disk.log);
    for (const page of which) for (const each of page.words) if (!kept.has(`w${each.word}`)) each.excused = true;
  };
  const rivals = () => pages.filter(({ over }) => over === undefined).length;
  const present = () => pages.findLast(({ over }) => over === undefined) ?? pages.at(-1)!;
  const crash = () => {
    server?.crash();
    server = simulatedServer(time, disk, wallClock);
    leaving = undefined;
  };

  async function restart(): Promise<void> {
    if (leaving || !server) return;
    const old = server;
    const gone = old.leave().then(() => {
      if (server !== old) return;
      // whatever it still had in mind ends with its process
      old.crash();
      server = simulatedServer(time, disk, wallClock);
      leaving = undefined;
    });
    leaving = gone;
    // whoever does not leave in time is gone all the same
    network.after(10_000, () => {
      if (leaving === gone) crash();
    });
  }

  /** Sound takes its time; off the record the microphone is silenced. */
  async function speak(page: Page, what: number, ms: number): Promise<void> {
    if (page.paused) return;
    await time.run(ms);
    page.speak(what, ms);
    if (rivals() > 1) excuse([page]);
  }

  async function act({ deed, much }: Step): Promise<void> {
    const page = present();
    switch (deed) {
      case 'speak':
        // off the record the microphone is silenced
        for (let count = 0; count < much; count += 1) await speak(page, ++word, wordMs);
        return;
      case 'quiet':
        for (let count = 0; count < much; count += 1) await speak(page, 0, much < 4 ? wordMs : silentMs);
        return;
      case 'type':
        return page.command({ type: 'said', text: `line ${++line}` });
      case 'hint':
        page.hints += 1;
        return page.link.say({ type: 'hint' });
      case 'rate': {
        const advice = page.shown.findLast(({ type }) => type === 'suggestion');
        return advice && page.command({ type: 'feedback', reply: advice.seq, useful: much > 4 });
      }
      case 'pause':
        if (page.paused) return;
        page.paused = true;
        excuse([page]);
        return page.command({ type: 'pause' });
      case 'resume':
        if (!page.paused) return;
        page.paused = false;
        page.command({ type: 'resume' });
        page.recordAnew();
        return speak(page, 0, silentMs);
      case 'agree':
        // from now on the sound itself is kept, and acknowledged before its words; who takes that back wants it gone, heard or not
        return page.command({ type: 'consent', audio: true });
      case 'holdUp':
        sieve.held.up = true;
        return;
      case 'holdDown':
        sieve.held.down = true;
        return;
      case 'letUp':
        return wires.at(-1)?.let('up', much);
      case 'letDown':
        return wires.at(-1)?.let('down', much);
      case 'free':
        sieve.held = { up: false, down: false };
        for (const each of wires) each.go();
        return;
      case 'drop':
        return wires.at(-1)?.cut();
      case 'die':
        return wires.at(-1)?.die();
      case 'away':
        away = true;
        for (const each of wires) each.cut();
        return;
      case 'back':
        return goOn();
      case 'overflow':
        away = true;
        for (const each of wires) each.cut();
        await time.run(601_000);
        for (let count = 0; count < much; count += 1) await speak(page, count % 2 === 0 ? ++word : 0, wordMs);
        return goOn();
      case 'other':
        if (pages.length > 2) return;
        excuse(pages);
        return void open();
      case 'reload': {
        if (page.over !== undefined) return;
        page.close('It was loaded again.');
        // a browser may keep what was not delivered, or be told not to
        if (much > 4) excuse([page]);
        open(much > 4 ? undefined : page);
        present().paused = page.paused;
        return;
      }
      case 'double':
        sieve.double += 1;
        return;
      case 'swap':
        sieve.swap += 1;
        return;
      case 'crash':
        return crash();
      case 'restart':
        return restart();
      case 'move':
        server?.crash();
        await move(disk);
        return crash();
      case 'full':
        disk.full = true;
        // what is on its way may be overtaken by what comes when there is space again
        for (const { commands, putOff } of pages) for (const id of commands) putOff.add(id);
        return;
      case 'space':
        disk.full = false;
        return;
      case 'jump':
        // where somebody else comes with a recorder of its own, only the time tells it from what comes again
        if (happens('other', 'reload')) return;
        // a clock that goes forth and back in one session would need a time in the log that is not of its making
        skew += program.seed % 2 === 0 ? hour : -hour;
        return;
      case 'finish':
        finished = true;
        excuse(pages);
        server?.finish().catch(() => undefined);
        return;
    }
  }

  open();
  // where the clock will jump, the time of the first sound is in the log before it does
  if (happens('jump')) {
    await speak(present(), ++word, wordMs);
    for (let silent = 0; silent < 4; silent += 1) await speak(present(), 0, silentMs);
    await time.run(100);
  }
  for (const step of program.steps) {
    await act(step);
    await time.run(step.ms);
  }

  // everything is let through
  goOn();
  disk.full = false;
  sieve.held = { up: false, down: false };
  for (const each of wires) each.go();
  const page = present();
  for (const each of pages) if (each !== page) each.close('Another page goes on.');
  const until = async (reached: () => boolean, most: number) => {
    for (let waited = 0; waited < most && !reached(); waited += 500) await time.run(500);
  };
  await until(() => leaving === undefined, 12_000);
  if (page.paused) {
    page.paused = false;
    page.command({ type: 'resume' });
    await time.run(3_000);
  }
  // a microphone never stops to send
  await until(() => {
    if (!page.over) page.speak(0, 500);
    return page.over !== undefined || (page.link.delivered && page.link.seq === disk.log.length);
  }, 60_000);
  if (!page.over) page.link.say({ type: 'stop' });
  await until(() => page.over !== undefined || page.stopped, 60_000);
  await time.run(3_000);
  if (!page.over && !finished) {
    if (!page.stopped) faults.push('the microphone was never stopped');
    if (!page.link.delivered) faults.push('not everything was delivered');
  }
  if (finished) excuse(pages);
  for (const { words } of pages) for (const each of words) each.excused ||= disk.offTheRecord.has(`w${each.word}`);
  for (const each of pages) each.close();
  await time.run(100);
  const last = server!;
  const left = last.leave();
  await time.run(120_000);
  const followers = await left;
  if (followers > 0) faults.push(`${followers} still follow`);
  for (const each of pages) if (each.life.waiting > 0) faults.push(`a page still waits for ${each.life.waiting} things`);
  if (last.life.waiting > 0) faults.push(`the service still waits for ${last.life.waiting} things`);
  return { log: disk.log, earlier: disk.earlier, pages, finished, faults };
}
