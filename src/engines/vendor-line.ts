import WebSocket from 'ws';

/** How a line to a vendor ended: its close code, or how it was refused where it was never opened. */
export type LineEnd = {
  readonly opened: boolean;
  readonly code: number;
  readonly reason: string;
  readonly status?: number;
  /** What a refusal says, where it is short and JSON. */
  readonly body?: unknown;
  readonly headers?: Headers;
  readonly cause?: Error;
};

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

/** The longest message and the longest refusal that are read, and how long a refusal and a goodbye may take, in ms. */
const longest = 4_194_304;
const longestRefusal = 4_096;
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
  let refused: Pick<LineEnd, 'status' | 'body' | 'headers'> = {};
  const end = (code: number, reason: string) => {
    if (over) return;
    over = true;
    onEnd({ opened, code, reason, ...refused, ...(cause && { cause }) });
  };
  socket.on('open', () => {
    opened = true;
    onOpen();
  });
  socket.on('message', (data) => {
    if (over) return;
    const message = parsed(String(data));
    if (message !== undefined) return onMessage(message);
    end(1007, 'unreadable');
    socket.terminate();
  });
  socket.on('unexpected-response', (request, response) => {
    const { statusCode: status = 0, headers } = response;
    refused = { status, headers: new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])) };
    let body = '';
    const over = () => {
      clearTimeout(tooLong);
      request.destroy();
      refused = { ...refused, body: parsed(body) };
      end(1006, '');
    };
    const tooLong = setTimeout(over, goodbye);
    response.setEncoding('utf8');
    response.on('data', (part: string) => {
      body += part;
      if (body.length > longestRefusal) over();
    });
    response.once('close', over).on('error', over);
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
