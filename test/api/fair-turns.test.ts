import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { openLine } from '../../src/api/line.ts';
import { budgets } from '../../src/core/budgets.ts';
import { virtualClock } from '../support/virtual-clock.ts';

test('O18 whoever sends hundreds of commands at once lets others have their turn between them', async () => {
  const socket = Object.assign(new EventEmitter(), { OPEN: 1, readyState: 1, isPaused: false, pause: () => undefined, resume: () => undefined });
  const line = openLine(socket as unknown as WebSocket, budgets, virtualClock());
  const sent = 10 * budgets.waitingFrames;
  for (let frame = 0; frame < sent; frame += 1) socket.emit('message', Buffer.from('{"type":"ping"}'), false);

  let taken = 0;
  let before = 0;
  let most = 0;
  const count = () => {
    most = Math.max(most, taken - before);
    before = taken;
    if (taken < sent) setImmediate(count);
  };
  setImmediate(count);
  for await (const _ of line.frames()) {
    taken += 1;
    if (taken === sent) break;
  }
  socket.emit('close', 1000);
  count();
  expect(most).toBeLessThanOrEqual(budgets.waitingFrames);
});
