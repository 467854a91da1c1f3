import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { coach } from './agents/coach.ts';
import { goalsSoFar } from './agents/goals.ts';
import { modelReview } from './agents/model-review.ts';
import { reviewer } from './agents/reviewer.ts';
import type { Tool } from './agents/tools/tool.ts';
import type { AppParts, GateLog } from './api/app.ts';
import type { ListenTo } from './api/chat-microphone.ts';
import { finishing } from './api/finishing.ts';
import { guard } from './api/guard.ts';
import { linkId } from './api/link-id.ts';
import { publicAddresses } from './api/public-addresses.ts';
import { shareShelf } from './api/share-shelf.ts';
import { tape } from './api/tape.ts';
import { listening } from './audio/listening.ts';
import { ownEnd } from './audio/own-end.ts';
import { secondHearing } from './audio/second-hearing.ts';
import { chooseAgents } from './compose/agents.ts';
import { chooseBrain } from './compose/brain.ts';
import { type Closing, chooseEars } from './compose/ears.ts';
import { chooseGuest, thinkingWith } from './compose/guest.ts';
import { chooseLateEars } from './compose/late-ears.ts';
import { choosePush } from './compose/push.ts';
import { chooseStore, type Kept } from './compose/store.ts';
import { chooseVoice, voiceBrought } from './compose/voices.ts';
import type { ServiceSettings } from './config.ts';
import { type Budgets, budgets as defaultBudgets } from './core/budgets.ts';
import type { Conversation } from './core/conversation.ts';
import { hub } from './core/hub.ts';
import { finishInTime } from './core/lifetime.ts';
import type { Detector, Store, Transcriber, Voice } from './core/ports.ts';
import { Problem } from './core/problem.ts';
import { keepNoLonger } from './core/retention.ts';
import { type BreakerTimes, breaker, breakingBy } from './engines/breaker.ts';
import { ffmpegDecoder } from './engines/ffmpeg/decoder.ts';
import { findFfmpeg } from './engines/ffmpeg/find.ts';
import { fliteVoices } from './engines/local/flite-voice.ts';
import { sileroDetectors } from './engines/local/silero.ts';
import { politeTranscriber } from './engines/polite-transcriber.ts';
import { purse } from './engines/purse.ts';
import { realClock as clock } from './engines/real-clock.ts';
import type { Post } from './engines/web-push/push.ts';
import { readAhead } from './insight/lines.ts';
import { metricsSoFar } from './insight/metrics.ts';
import { rulesReview } from './insight/report.ts';
import { collector } from './meters/collector.ts';
import { instruments } from './meters/instruments.ts';
import { meteredStore } from './meters/metered-store.ts';
import { storeProbe } from './meters/store-probe.ts';
import { tellings } from './meters/tellings.ts';
import { folderShelf, memoryShelf } from './stores/file-shelf.ts';
import { punctualStore } from './stores/punctual.ts';
import { searched } from './stores/searched.ts';

/** How often sleepers are looked for, in ms. */
const sweepEvery = 60_000;

/** What may be brought along instead of being chosen: tests hear with their own ears, speak with their own voice and keep what they like; `localEar` only stands in for the recogniser of this machine. */
export type Brought = {
  transcriber?: Transcriber & Closing;
  localEar?: Transcriber;
  voice?: Voice;
  detector?: () => Detector;
  store?: Store;
  budgets?: Partial<Budgets>;
  /** Told, in a sentence, what is waited for at the start. */
  tell?: (sentence: string) => void;
  tools?: readonly Tool[];
  breakerTimes?: BreakerTimes;
  /** A push service of their own, which need not be on the Internet. */
  post?: Post;
};

/** Chooses every part by the settings and joins them; the only file that knows everyone. */
export async function compose(settings: ServiceSettings, brought: Brought = {}) {
  const budgets = { ...defaultBudgets, ...Object.fromEntries(settings.BUDGETS), ...brought.budgets };
  const ffmpeg = await findFfmpeg();
  const money = purse(budgets, clock);
  const newBreaker = () => breaker(clock, Math.random, { ...breakingBy(budgets), ...brought.breakerTimes });
  const visitor = chooseGuest(settings, budgets, money, newBreaker);
  const voice = brought.voice ? voiceBrought(brought.voice, budgets) : chooseVoice(settings, ffmpeg, budgets, money, newBreaker, visitor);
  const ears = brought.transcriber
    ? {
        chosen: { name: 'brought', about: 'brought along.' },
        transcriber: { ...politeTranscriber(brought.transcriber, clock, budgets.wordsLast), close: () => brought.transcriber!.close() },
      }
    : await chooseEars(settings, budgets, money, newBreaker, brought.localEar, visitor);
  const log: Kept = brought.store
    ? { chosen: { name: 'brought', about: 'brought along.' }, store: brought.store }
    : await chooseStore(settings, budgets, brought.tell ?? (() => undefined));
  if (log.book) money.keepIn(log.book);
  const closing = new AbortController();
  const now = () => performance.timeOrigin + performance.now();
  const { meter, lag, watch } = instruments({ clock, now, machine: process, awake: () => house.awake }, closing.signal);
  let telling: { close(): Promise<void> } | undefined;
  const { store, search } = searched({
    store: meteredStore(punctualStore(log.store, clock, budgets), meter, now),
    clock,
    memory: budgets.searchMemory,
    patience: budgets.searching,
  });
  const brain = await chooseBrain(settings, budgets, money, newBreaker);
  const chosen = { ears: ears.chosen, voice: voice.chosen, brain: thinkingWith(visitor, brain.chosen), log: log.chosen };
  const newMark = () => randomBytes(16).toString('hex');
  const asked = { clock, newMark, redact: settings.REDACT };

  const others = chooseAgents({ clock, budgets, brain, asked, ...(brought.tools && { tools: brought.tools }) });

  const files = settings.STORE === 'memory' ? memoryShelf(randomBytes) : folderShelf(join(settings.DATA_DIR, 'files'), randomBytes);

  const house = hub({
    store,
    erased: (id) => files.drop(id),
    clock,
    newId: () => randomUUID(),
    most: budgets.awake,
    crowded: budgets.crowded,
    patience: budgets.append,
    agents: (opened, id) => {
      if (opened.kind !== 'coach') return others(opened, id);
      const mouth = voice.voiceOf(opened, id);
      return [
        coach({
          clock,
          meter,
          ...(mouth && { voice: mouth }),
          ...(visitor && { visit: { guest: visitor.guest, newMark, redact: settings.REDACT } }),
          ...(brain.adviser && { brain: { ...asked, model: brain.adviser(id), patience: budgets } }),
        }),
      ];
    },
  });
  const external = ffmpeg === undefined ? {} : { external: () => ffmpegDecoder({ path: ffmpeg }) };
  const earParts = {
    clock,
    detector: brought.detector ?? sileroDetectors(),
    ...(ears.transcriber && { transcriber: ears.transcriber }),
    ...external,
  };
  const ear = listening({ ...earParts, meter });
  const ownEar = listening({ ...earParts, apart: true });
  // one microphone cannot tell who spoke over whom, and some ears tidy every “um” away
  const hearing = { overlap: false, ...(ears.tidies && { verbatim: false }) };
  const { judge } = brain;
  const kept = tape(store);
  const listener = chooseLateEars(settings, budgets, money, newBreaker);
  let warn: GateLog['warn'] = () => undefined;
  const onDegraded = (why: 'late' | 'failed' | 'unproved', thrown?: unknown) => {
    meter.note({ type: 'degraded', why });
    warn({ why, ...(thrown instanceof Problem && { code: thrown.code }) }, 'a model gave no feedback that could be used, so the rules wrote it');
  };
  const finish = reviewer({
    hearAgain:
      listener && secondHearing({ pieces: kept.pieces, listener, clock, patience: budgets.hearAgain, detector: earParts.detector, ...external }),
    review: (entries, stop, late, talk) =>
      judge
        ? modelReview({ ...asked, model: judge(talk), name: brain.chosen.name, patience: budgets.reviewModel, hearing, onDegraded })(
            entries,
            stop,
            late,
          )
        : rulesReview(entries, hearing),
  });

  const sweeping = setInterval(() => {
    house.sweep(budgets.idle);
    if (house.awake === 0) voice.rest();
  }, sweepEvery);
  sweeping.unref();
  const keeping = { transcripts: settings.KEEP_TRANSCRIPTS_DAYS, sound: settings.KEEP_SOUND_DAYS };
  const forgetting = keepNoLonger({ store, erase: (id) => house.erase(id), clock, keeping }, closing.signal);

  return {
    hub: house,
    budgets,
    listenPatiently: ear.listenPatiently,
    finish,
    chosen,
    /** The gate over these parts; it listens when told to. The gate's packages are loaded only here. */
    async server(logger: GateLog, onRoute?: AppParts['onRoute']) {
      warn = logger.warn.bind(logger);
      const [{ app }, { coachSockets }, { sockets }, { chatSockets }, { rooms }, { shareSockets }, { deskAndTalk }] = await Promise.all([
        import('./api/app.ts'),
        import('./api/coach-socket.ts'),
        import('./api/sockets.ts'),
        import('./api/chat-socket.ts'),
        import('./api/rooms.ts'),
        import('./api/share-socket.ts'),
        import('./compose/desk-and-talk.ts'),
      ]);
      const engines = { ears: ears.chosen.name, voice: voice.chosen.name, brain: chosen.brain.name };
      const newToken = () => randomBytes(32).toString('base64url');
      const digest = (token: string) => createHash('sha256').update(token).digest('hex');
      const guarded = guard({ settings, hub: house, newToken, digest, clock, budgets });
      const numbers = metricsSoFar(hearing);
      const goals = goalsSoFar();
      const coached = coachSockets({
        ...guarded,
        listen: ear.listen,
        listenAgain: ear.listenAgain,
        tape: kept,
        budgets,
        lastSpeaker: ear.lastSpeaker,
        knowsVoices: ear.knowsVoices,
        learnVoices: ear.learnVoices,
        engines,
        epoch: store.epoch,
        prepare: (talk) => readAhead(talk.entries, () => new Promise((resolve) => setImmediate(resolve))),
        metrics: (talk) => ({
          type: 'metrics',
          metrics: numbers(talk.entries),
          goals: goals(talk.entries).map(({ text, met, about }) => ({ text, met, about })),
        }),
        goals: ({ entries }, seq) => goals(entries, seq),
        clock,
        meter,
      });
      const listenTo: { listenTo?: ListenTo } = ears.transcriber
        ? { listenTo: (talk, by, pieces, stop) => ownEar.listen(ownEnd(talk, by), pieces, stop) }
        : {};
      const chat = { ...guarded, clock, budgets, newId: () => randomUUID(), stop: closing.signal, ...listenTo };
      const pushing = choosePush(settings, budgets, brought.post);
      const shelf = shareShelf(house);
      const share = shareSockets({ ...chat, meter, shelf, push: pushing.push });
      const { callers, desk, talk } = deskAndTalk({ hub: house, brain, asked, chat });
      const doors = sockets({ doors: { coach: coached, room: chatSockets(rooms, chat), share, desk, talk }, ...guarded, clock, budgets });
      watch({ unread: () => doors.unread, stalled: (ms) => logger.warn({ ms }, 'the event loop stood still') });
      const told = tellings({
        meter,
        clock,
        now,
        hash: (id) => digest(id).slice(0, 12),
        log: ['debug', 'trace'].includes(logger.level) ? (turn) => logger.debug(turn, 'a turn') : undefined,
        send: collector(settings.OTEL_EXPORTER_OTLP_ENDPOINT, fetch),
        hex: (bytes) => randomBytes(bytes).toString('hex'),
      });
      telling = told;
      const end = finishing({ flush: coached.flush, finish, clock, budgets });
      const overdue = (talk: Conversation, why: string) => end(talk, closing.signal, why);
      void finishInTime({ hub: house, finish: overdue, clock, life: budgets.sessionLife }, closing.signal);
      return app({
        hub: house,
        sockets: doors,
        share,
        shelf,
        pushKey: pushing.key,
        mayPushTo: pushing.mayPushTo,
        files,
        fileTypes: settings.FILE_TYPES,
        callers,
        search,
        tape: kept,
        finish: end,
        engines,
        keeping,
        clock,
        budgets,
        log: logger,
        meter,
        metricsText: meter.text,
        answered: told.answered,
        lag,
        works: meter.works,
        storeTrouble: storeProbe(log.store, clock, meter),
        ...(onRoute && { onRoute }),
        newId: () => randomUUID(),
        newLinkId: () => linkId(randomBytes),
        ...guarded,
        newToken,
        digest,
        ...publicAddresses(settings),
        voices: fliteVoices,
      });
    },
    async close(): Promise<void> {
      clearInterval(sweeping);
      closing.abort();
      await forgetting;
      await house.close();
      await Promise.all([ears.transcriber?.close(), voice.close(), visitor?.guest.close()]);
      await log.book?.close();
      await log.store.close();
      meter.close();
      await telling?.close();
    },
  };
}
