import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';

/** How often the service is asked whether it is there, in ms: less than a client may. */
const every = 25;

/** Somebody well-mannered in a thread of their own, who asks the service again and again whether it is there. */
export interface Pulse {
  /** How long it took to answer since this was asked last, in ms each; what was not answered at all counts as endless. */
  times(): Promise<number[]>;
  stop(): Promise<void>;
}

/** Begins to feel the pulse of the service at the address of a session's socket. */
export async function pulse(address: string): Promise<Pulse> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { address } });
  const answer = () => new Promise<number[]>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await answer();
  return {
    times() {
      const times = answer();
      worker.postMessage('times');
      return times;
    },
    stop: async () => void (await worker.terminate()),
  };
}

async function beat(address: string): Promise<void> {
  const socket = new WebSocket(address);
  let times: number[] = [];
  const asked: number[] = [];
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data)) as { type: string };
    if (type === 'hello') parentPort!.postMessage([]);
    if (type === 'pong') times.push(performance.now() - (asked.shift() ?? Number.NEGATIVE_INFINITY));
  });
  parentPort!.on('message', () => {
    parentPort!.postMessage(socket.readyState === socket.OPEN ? times : [...times, Number.POSITIVE_INFINITY]);
    times = [];
  });
  for (;;) {
    await sleep(every);
    if (socket.readyState !== socket.OPEN) continue;
    asked.push(performance.now());
    socket.send('{"type":"ping"}');
  }
}

if (parentPort && (workerData as { address?: string } | null)?.address) void beat((workerData as { address: string }).address);
