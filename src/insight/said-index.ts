import type { Entry } from '../core/entry.ts';

/** Something that was said, advised, summed up or handed round, or what a conversation is called and about, as it is searched. */
export type SearchedLine = { readonly seq: number; readonly by: string; readonly at: string; readonly text: string };

type Known = {
  readonly lines: Map<number, SearchedLine>;
  readonly gone: Set<number>;
  title: string;
  invited: boolean;
  encrypted: boolean;
  bytes: number;
};

/** What a line costs in memory besides its text. */
const around = 160;
const bytesOf = ({ text }: SearchedLine): number => 2 * text.length + around;

function lineOf(entry: Entry): SearchedLine | undefined {
  const text = textOf(entry);
  return text === '' ? undefined : { seq: entry.seq, by: entry.by, at: entry.at, text };
}

function textOf(entry: Entry): string {
  switch (entry.type) {
    case 'said':
    case 'advised':
    case 'whispered':
    case 'summed':
      return entry.text;
    case 'attached':
      return entry.name;
    case 'opened':
      return [entry.title, entry.description ?? ''].filter((text) => text !== '').join('\n');
    default:
      return '';
  }
}

/** The words of conversations that somebody searched, in memory: kept up with what is added, and rid at once of what is taken away. */
export interface SaidIndex {
  readonly bytes: number;
  /** Takes a conversation in; its entries may come in any order, some of them twice. */
  begin(id: string): void;
  note(id: string, entries: readonly Entry[]): void;
  forget(id: string, seqs: readonly number[]): void;
  drop(id: string): void;
  has(id: string): boolean;
  /** `invited`: whether only those may read it who were invited. */
  lines(id: string): { readonly title: string; readonly invited: boolean; readonly lines: Iterable<SearchedLine> };
}

/** Keeps so many bytes of words; where there are more, the conversation that came first goes. */
export function saidIndex(most: number): SaidIndex {
  const known = new Map<string, Known>();
  let bytes = 0;

  const put = (talk: Known, line: SearchedLine) => {
    const before = talk.lines.get(line.seq);
    const more = bytesOf(line) - (before ? bytesOf(before) : 0);
    talk.lines.set(line.seq, line);
    talk.bytes += more;
    bytes += more;
  };

  function forget(id: string, seqs: readonly number[]): void {
    const talk = known.get(id);
    if (!talk) return;
    for (const seq of seqs) {
      talk.gone.add(seq);
      const line = talk.lines.get(seq);
      if (!line) continue;
      talk.lines.delete(seq);
      talk.bytes -= bytesOf(line);
      bytes -= bytesOf(line);
    }
  }

  function drop(id: string): void {
    bytes -= known.get(id)?.bytes ?? 0;
    known.delete(id);
  }

  return {
    get bytes() {
      return bytes;
    },
    begin(id) {
      drop(id);
      known.set(id, { lines: new Map(), gone: new Set(), title: '', invited: false, encrypted: false, bytes: 0 });
    },
    note(id, entries) {
      const talk = known.get(id);
      if (!talk) return;
      for (const entry of entries) {
        if (entry.type === 'opened')
          Object.assign(talk, { title: entry.title, invited: entry.invited === true, encrypted: entry.encrypted === true });
        if (entry.type === 'removed' && entry.of) forget(id, entry.of);
        const line = lineOf(entry);
        const mended = entry.type === 'corrected' && entry.text !== undefined ? talk.lines.get(entry.of) : undefined;
        if (line && !talk.gone.has(line.seq)) put(talk, line);
        if (mended && entry.type === 'corrected') put(talk, { ...mended, text: entry.text ?? mended.text });
      }
      for (const [oldest] of known) if (bytes > most && oldest !== id) drop(oldest);
    },
    forget,
    drop,
    has: (id) => known.has(id),
    lines: (id) => {
      const { title = '', invited = false, encrypted = false, lines = new Map<number, SearchedLine>() } = known.get(id) ?? {};
      // what nobody here can read is no word of anybody's
      return { title, invited, lines: encrypted ? [] : lines.values() };
    },
  };
}
