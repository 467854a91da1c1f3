import type { FromChild, Heard, ToChild } from './child-messages.ts';

/** One utterance inside a child process. */
export type Hearing = {
  sound(samples: Int16Array): Heard | undefined;
  end(): Heard | undefined;
  drop(): void;
};

/** The life of a listening child: answers its parent utterance by utterance and dies with it, however the parent dies. */
export function serve(open: (phrases: string[]) => Hearing): void {
  const hearings = new Map<number, Hearing>();
  const backlog: ToChild[] = [];
  const tell = (message: FromChild) => process.send?.(message);
  const step = (message: ToChild) => {
    if (message.do === 'open') {
      hearings.set(message.job, open(message.phrases));
      return;
    }
    const hearing = hearings.get(message.job);
    if (message.do === 'sound') {
      const heard = hearing?.sound(message.samples);
      if (heard) tell({ job: message.job, is: 'partial', heard });
      return;
    }
    hearings.delete(message.job);
    if (message.do === 'drop') hearing?.drop();
    tell({ job: message.job, is: 'done', heard: message.do === 'end' ? hearing?.end() : undefined });
  };
  const work = () => {
    const message = backlog.shift();
    if (!message) return;
    try {
      step(message);
    } catch (error) {
      hearings.delete(message.job);
      tell({ job: message.job, is: 'failed', why: String(error) });
    }
    if (backlog.length > 0) setImmediate(work);
  };
  process.on('message', (message: ToChild) => {
    // what nobody waits for any more is not worked on
    if (message.do === 'drop')
      for (let index = backlog.length - 1; index >= 0; index--)
        if (backlog[index]!.job === message.job && backlog[index]!.do !== 'open') backlog.splice(index, 1);
    if (backlog.push(message) === 1) setImmediate(work);
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole terminal: the parent decides when listening ends
  process.on('SIGINT', () => undefined);
}

/** Says why this child can never listen, and ends it. */
export function giveUp(why: string): void {
  const message: FromChild = { is: 'useless', why };
  process.send?.(message, () => process.exit(1));
}
