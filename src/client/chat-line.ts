import { type LineState, steadyLine } from './steady-line.ts';
import { browser, type Surroundings } from './surroundings.ts';

/** What every frame of a chat has that this line needs to know. */
type Frame = { readonly type: string; readonly seq?: number | undefined; readonly id?: string | undefined; readonly code?: string };

/** A line to a chat: what is said is kept until the service says that it has it, and what was missed is told. */
export interface ChatLine {
  /** Says something, now or as soon as it can be told; answers the id under which it is acknowledged. */
  say(content: string): string;
  /** Sends something that is for this moment only. */
  send(command: object): void;
  /** Says once more what was refused; the service keeps it once, however often it comes. */
  again(id: string): void;
}

export type ChatLineOptions<News> = {
  address(after: number): string;
  protocols?: string[];
  /** What lets somebody in, where the address alone does not. */
  key?: string | undefined;
  onNews(news: News): void;
  onState(state: LineState): void;
  /** The first frame tells that somebody is in; otherwise an open line does. */
  greets?: string;
  around?: Surroundings;
};

/** Keeps to one chat that numbers what it tells and acknowledges what it is told. */
export function chatLine<News extends Frame>(options: ChatLineOptions<News>, stop: AbortSignal): ChatLine {
  const { address, protocols = [], key, onNews, onState, greets, around = browser } = options;
  const unsaid = new Map<string, string>();
  const refused = new Map<string, string>();
  const page = around.random().toString(36).slice(2);
  let seq = 0;
  let count = 0;
  let inside = false;

  const tell = (id: string, content: string) => line.send(JSON.stringify({ type: 'message', id, content }));

  function enter(): void {
    inside = true;
    onState({ is: 'open' });
    for (const [id, content] of unsaid) tell(id, content);
  }

  /** What was refused waits until somebody wants it said again. */
  function refuse(id: string): void {
    const content = unsaid.get(id);
    if (content === undefined) return;
    unsaid.delete(id);
    refused.set(id, content);
  }

  function say(id: string, content: string): void {
    unsaid.set(id, content);
    if (inside) tell(id, content);
  }

  const line = steadyLine(
    {
      address: () => address(seq),
      protocols,
      ping: '{"type":"ping"}',
      around,
      onOpen() {
        if (key !== undefined) line.send(JSON.stringify({ type: 'auth', token: key }));
        if (greets === undefined) enter();
      },
      onText(text) {
        const news = JSON.parse(text) as News;
        if (news.type === 'pong') return;
        // what was said twice is acknowledged out of turn: only what is told in turn counts as told
        if (news.type !== 'ack' && news.type !== greets && news.seq !== undefined) seq = Math.max(seq, news.seq);
        if (news.type === 'ack' && news.id !== undefined) unsaid.delete(news.id);
        if (news.type === 'error' && news.id !== undefined) refuse(news.id);
        onNews(news);
        if (news.type === greets) enter();
      },
      onState(state) {
        inside = false;
        onState(state);
      },
    },
    stop,
  );

  return {
    say(content) {
      count += 1;
      const id = `${page}-${count}`;
      say(id, content);
      return id;
    },
    again(id) {
      const content = refused.get(id);
      refused.delete(id);
      if (content !== undefined) say(id, content);
    },
    send(command) {
      if (inside) line.send(JSON.stringify(command));
    },
  };
}
