import { expect, test } from 'vitest';
import { joinConversation } from '../../src/client/share.ts';
import type { ShareNews } from '../../src/client/share-news.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { type IoClient, ioClient } from '../support/io-client.ts';
import { served } from '../support/served.ts';
import { stuckStore } from '../support/stuck-store.ts';
import { wholeLog } from '../support/whole-log.ts';

/** Short enough for a test; what answers at all answers in this time. */
const budgets = { append: 50, storage: 1_000 };
const comesBack = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 };

const times = (client: IoClient, event: string, count: number) =>
  new Promise<void>((resolve) => {
    let heard = 0;
    client.socket.on(event, () => {
      heard += 1;
      if (heard === count) resolve();
    });
  });

test.each([['polling'], ['websocket']])(
  'S26 a store that does not answer costs nobody their conversation: they come back, join and hear what is said next once, over %s',
  async (transport) => {
    const disk = stuckStore(memoryStore());
    await using house = await served({}, { store: disk.store, budgets });
    const { room_id } = (await (await house.post('/api/conversations/create', {})).json()) as { room_id: string };
    const joins = (user_id: string, options: object) => {
      const client = ioClient(house.base, { ...options, transports: [transport] });
      client.socket.on('connect', () => client.emit('join_room', { room_id, user_id }));
      return {
        client,
        isIn: times(client, 'conversation_state', 1),
        isInAgain: times(client, 'conversation_state', 2),
        wasSentAwayTwice: times(client, 'disconnect', 2),
      };
    };
    const own = new AbortController();
    const told: ShareNews[] = [];
    let heardLast = () => {};
    const last = new Promise<void>((resolve) => {
      heardLast = resolve;
    });
    const ann = joins('ann-1', comesBack);
    const ben = joins('ben-1', comesBack);
    try {
      await Promise.all([ann.isIn, ben.isIn]);
      const onNews = (news: ShareNews) => {
        told.push(news);
        if (news.event === 'new_message' && news.data.message === 'The last.') heardLast();
      };
      const who = { id: 'cid-1', name: 'Cid' };
      const cid = joinConversation({ base: house.base, room: room_id, who, onNews, onState: () => undefined }, own.signal);
      await cid.say('Before.');

      disk.stick();
      ann.client.emit('send_message', { room_id, user_id: 'ann-1', message: 'On its way.', id: 'a' });
      // whoever comes back too early is sent away again
      await Promise.all([ann.wasSentAwayTwice, ben.wasSentAwayTwice]);
      expect(ben.client.all).toContainEqual({
        event: 'error',
        data: { message: expect.stringMatching(/^The storage does not answer/), code: 'storage_slow' },
      });
      disk.goOn();

      await Promise.all([ann.isInAgain, ben.isInAgain]);
      const say = (message: string, id: string) => ann.client.ask('send_message', { room_id, user_id: 'ann-1', message, id });
      expect(await say('On its way.', 'a')).toMatchObject({ success: true });
      expect(await say('Next.', 'b')).toMatchObject({ success: true });
      await cid.say('The last.');
      await last;
      for (const { client } of [ann, ben]) while ((await client.next('new_message')).data.message !== 'The last.');
      const next = ['Next.', 'The last.'];
      const messages = (all: readonly { event: string; data: object }[]) =>
        all.flatMap(({ event, data }) => (event === 'new_message' && 'message' in data && next.includes(`${data.message}`) ? [data.message] : []));
      expect([messages(ann.client.all), messages(ben.client.all)]).toEqual([next, next]);
      expect(messages(told).slice(-1)).toEqual(['The last.']);
      const log = (await wholeLog(disk.store, room_id)).flatMap((entry) => (entry.type === 'said' ? [entry.text] : []));
      expect(log).toEqual(['Before.', 'On its way.', ...next]);
    } finally {
      own.abort();
      for (const { client } of [ann, ben]) client.close();
    }
  },
);
