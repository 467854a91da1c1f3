import WebSocket from 'ws';

/** How a line to a vendor ended: its close code, or the status of the answer where it was never opened. */
export type LineEnd = { readonly opened: boolean; readonly code: number; readonly reason: string; readonly status?: number; readonly cause?: Error };

export type VendorLineParts = {
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long it may take to open, in ms. */
  readonly patience: number;
  onOpen(): void;
  /** Told every message; a line with one that is no JSON ends. */
  onMessage(message: unknown): void;
  /** Told once, however it ends, also when we close it. */
  onEnd(end: LineEnd): void;
};

/** A socket to a vendor that speaks JSON. */
export type VendorLine = {
  send(message: object): void;
  /** Bytes that are not on their way yet. */
  readonly unsent: number;
  /** Says goodbye, and does not wait long for an answer. */
  close(): void;
  /** Is gone at once, without a word. */
  cut(): void;
};

/** The longest message that is read, and how long a goodbye may take, in ms. */
const longest = 4_194_304;
const goodbye = 300;

/** Opens a line. It never throws: whatever goes wrong is told to `onEnd`. */
export function vendorLine({ address, headers = {}, patience, onOpen, onMessage, onEnd }: VendorLineParts): VendorLine {
  const socket = new WebSocket(address, {
    headers,
    handshakeTimeout: patience,
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: longest,
  });
  let opened = false;
  let over = false;
  let cause: Error | undefined;
  let status: number | undefined;
  const end = (code: number, reason: string) => {
    if (over) return;
    over = true;
    onEnd({ opened, code, reason, ...(status !== undefined && { status }), ...(cause && { cause }) });
  };
  socket.on('open', () => {
    opened = true;
    onOpen();
  });
  socket.on('message', (data) => {
    if (over) return;
    let message: unknown;
    try {
      message = JSON.parse(String(data));
    } catch {
      end(1007, 'unreadable');
      socket.terminate();
      return;
    }
    onMessage(message);
  });
  socket.on('unexpected-response', (request, response) => {
    status = response.statusCode;
    response.resume();
    request.destroy();
    end(1006, '');
  });
  // the close that follows tells the rest
  socket.on('error', (error) => {
    cause = error;
  });
  socket.on('close', (code, reason) => end(code, String(reason)));
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    get unsent() {
      return socket.bufferedAmount;
    },
    close() {
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(1000);
      const cut = setTimeout(() => socket.terminate(), goodbye);
      cut.unref();
      socket.once('close', () => clearTimeout(cut));
    },
    cut: () => socket.terminate(),
  };
}
