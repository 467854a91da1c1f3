import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

// one room of a bare socket.io server: tells everybody else, keeps nothing
const http = createServer();
new Server(http, { transports: ['websocket'] }).on('connection', (socket) => {
  socket.join('room');
  socket.on('message', (content: string) => socket.to('room').emit('message', { content, from: socket.id, at: new Date().toISOString() }));
});
http.listen(0, '127.0.0.1', () => process.stdout.write(`listening on http://127.0.0.1:${(http.address() as AddressInfo).port}\n`));
