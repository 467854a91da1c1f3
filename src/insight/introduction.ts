import { isStopWord, wordsOf } from './words.ts';

const opening = /^(?:(?:hi|hello|hey|so|well|good morning|good afternoon) )*(?:there )?(?:i'?m|i am|my name is|my name's|this is)(?: (.+)|$)/;

/** Whether somebody begins by saying who they are. */
export const introduces = (text: string): boolean => opening.test(wordsOf(text).join(' '));

/** The names of who begins with "Hi, I'm Alex", lower-case; none where something else follows. */
export function introducedIn(text: string): string[] {
  const said = opening.exec(wordsOf(text).join(' '))?.[1]?.split(' ').slice(0, 2) ?? [];
  const end = said.findIndex((word) => isStopWord(word) || word.endsWith('ing'));
  return end === -1 ? said : said.slice(0, end);
}
