import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { roomAgents } from '../../src/agents/temperaments.ts';
import { compose } from '../../src/compose.ts';
import { every } from '../../src/core/views.ts';
import { type Member, roomMember, shareMember } from '../support/chat-members.ts';
import { type Fault, planted } from '../support/planted.ts';
import { served } from '../support/served.ts';
import { figure, isLong, tier } from '../support/tier.ts';

type House = Awaited<ReturnType<typeof served>>;
type Chat = { open(house: House): Promise<string>; member(house: House, id: string, who: string): Member };

const opened = async (house: House, path: string, body: object): Promise<string> =>
  ((await (await house.post(path, body)).json()) as { room_id: string }).room_id;

const chats: Record<'rooms' | 'share', Chat> = {
  rooms: { open: (house) => opened(house, '/room/create', { participant_id: 'ann' }), member: ({ dial }, id, who) => roomMember(dial, id, who) },
  share: { open: (house) => opened(house, '/api/conversations/create', {}), member: ({ base }, id, who) => shareMember(base, id, who) },
};

const people = ['ann', 'ben', 'cid'] as const;
const steps = fc.array(
  fc.record({
    who: fc.nat(people.length - 1),
    deed: fc.constantFrom('come' as const, 'leave' as const, 'cut' as const, 'post' as const, 'post' as const, 'post' as const, 'wait' as const),
  }),
  { minLength: 5, maxLength: 25 },
);

/** Random people come, go, lose their line, come back and say things, over real sockets; how many programs it took, and what was wrong. */
async function played(chat: Chat, programs: number, composes = compose) {
  await using house = await served(
    { STORE: 'sqlite' },
    { budgets: { agentsWait: 1, requestsBurst: 1e6, textBurst: 1e6, socketsPerAddress: 1e6 } },
    composes,
  );
  let [deeds, messages] = [0, 0];
  const checked = await fc.check(
    fc.asyncProperty(steps, async (program) => {
      const id = await chat.open(house);
      const members = people.map((who) => chat.member(house, id, who));
      // each does one thing after the other, and nobody waits for anybody else
      const turns: Promise<void>[] = people.map(async () => undefined);
      for (const { who, deed } of program) {
        deeds += 1;
        const one = members[who]!;
        turns[who] = turns[who]!.then(() => (deed === 'leave' || deed === 'cut' ? one.leave(deed) : one[deed]()));
      }
      await Promise.all(turns);
      for (const one of members) await one.come();
      const talk = (await house.house.hub.find(id))!;
      const end = await talk.append({ by: 'house', type: 'said', via: 'text', text: 'The end' });
      for (const one of members) await one.upTo(end.seq);
      const said = every(talk.entries, 'said');
      messages += said.length;
      const upToEnd = (entries: Iterable<readonly [number, string]>) => [...entries].filter(([seq]) => seq <= end.seq).toSorted(([a], [b]) => a - b);
      for (const one of members) {
        expect(upToEnd(one.list)).toEqual(upToEnd(said.map(({ seq, text }) => [seq, text] as const)));
        expect(one.wrongs).toEqual([]);
        await one.leave('leave');
      }
      const speakers = said.map(({ by }) => roomAgents.has(by));
      expect(speakers.some((isAgent, index) => isAgent && speakers[index - 1])).toBe(false);
      expect(new Set(said.flatMap(({ ref }) => ref ?? [])).size).toBe(said.filter(({ ref }) => ref).length);
    }),
    { numRuns: programs, endOnFailure: true },
  );
  return {
    programs: checked.numRuns,
    deeds,
    messages,
    wrong: checked.failed ? `${fc.defaultReportMessage(checked)}\n${checked.errorInstance}` : undefined,
  };
}

describe('T4 people who come, go, lose their line and come back', () => {
  const programs = tier({ quick: 20, long: 400 });
  test.each(['rooms', 'share'] as const)(
    '%s: all end with the same list, each thing told once and in order, and no agent answers an agent',
    { timeout: 600_000 },
    async (kind) => {
      const found = await played(chats[kind], programs);
      expect(found.wrong).toBe(undefined);
      figure('T4', `programs of people in ${kind}, over real sockets`, found.programs, { least: programs });
      figure('T4', 'comings, goings and posts in them', found.deeds);
      figure('T4', 'messages that everybody has in the same order', found.messages, { least: programs });
    },
  );

  const comesBack = { file: 'src/api/chat-socket.ts', was: 'const after = (guest.after ?? past) > past ? 0 : (guest.after ?? past);' };
  const faults: [string, keyof typeof chats, Fault][] = [
    ['who comes back is told only what is new', 'rooms', { ...comesBack, is: 'const after = past;' }],
    ['what is said again is kept again', 'share', { file: 'src/api/share-socket.ts', was: 'seqOf(talk, ref) ?? doneOnce', is: 'doneOnce' }],
    // what these programs found in the house itself
    [
      'what two connections of one person say again at the same time',
      'rooms',
      { file: comesBack.file, was: 'const known = seqOf(talk, ref);', is: 'const known = await seqOf(talk, ref);' },
    ],
  ];
  test.each(isLong ? faults : faults.slice(0, 2))('planted: %s', { timeout: 120_000 }, async (_, kind, fault) => {
    const { compose: composes } = (await import(/* @vite-ignore */ new URL('src/compose.ts', planted(fault)).href)) as { compose: typeof compose };
    const { wrong, programs } = await played(chats[kind], 1_000, composes);
    expect(wrong).toEqual(expect.any(String));
    figure('T4', `programs of people in ${kind} until a planted fault was caught`, programs);
  });
});
