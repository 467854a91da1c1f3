import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server } from 'socket.io';

// one room of a bare socket.io server: tells everybody else; keeps nothing, or writes to disk what is said before it is told
const http = createServer();
const file = process.env.KEEPS ? await open(join(process.env.DATA_DIR!, 'said'), 'a') : undefined;
let waiting: { text: string; tell: () => void }[] = [];
let writing = false;

/** Whatever waits goes to disk together. */
async function flush(): Promise<void> {
  if (writing) return;
  writing = true;
  for (let batch = waiting; batch.length > 0; batch = waiting) {
    waiting = [];
    await file?.appendFile(batch.map(({ text }) => `${text}\n`).join(''));
    await file?.datasync();
    for (const { tell } of batch) tell();
  }
  writing = false;
}

new Server(http, { transports: ['websocket'] }).on('connection', (socket) => {
  socket.join('room');
  socket.on('message', (content: string) => {
    const message = { content, from: socket.id, at: new Date().toISOString() };
    const tell = () => void socket.to('room').emit('message', message);
    if (!file) return tell();
    waiting.push({ text: JSON.stringify(message), tell });
    void flush();
  });
});
http.listen(0, '127.0.0.1', () => process.stdout.write(`listening on http://127.0.0.1:${(http.address() as AddressInfo).port}\n`));
