import { isStopWord, sentencesOf, wordsOf } from './words.ts';

/** Names as they are written: capital letters that no sentence begins with, unless `everywhere`. */
export function namesIn(text: string, everywhere = false): string[] {
  const names: string[] = [];
  for (const sentence of sentencesOf(text)) {
    for (const match of sentence.matchAll(/\p{Lu}[\p{L}'’-]+/gu)) {
      const word = match[0].replace(/['’]s$/, '');
      if ((match.index > 0 || everywhere) && wordsOf(word).some((plain) => plain.length > 1 && !isStopWord(plain))) names.push(word);
    }
  }
  return names;
}

/** What only people do. */
const personal =
  /(?:^|[.!?…:”]\s+)(\p{Lu}[\p{L}-]+)(?=['’]s\s|\s(?:said|says|asked|asks|told|tells|answered|replied|explained|mentioned|wanted|wants|liked|likes|loved|loves|offered|agreed|wondered|laughed|smiled|nodded|thought|thinks|felt|feels|knew|knows|heard|hears|promised|suggested|praised|thanked|invited|and you)\b)/gu;

/** The names that a text uses: capital letters inside its sentences, and at their beginnings where only a person can stand. */
export const namesClaimed = (text: string): string[] => [
  ...namesIn(text),
  ...[...text.matchAll(personal)].map((match) => match[1]!).filter((name) => !isStopWord(name.toLowerCase())),
];

/** What people are called who were not called by their name. */
const roles =
  /^(?:hiring|manager|recruiter|interviewer|interview|customer|client|boss|team|lead|leader|head|director|engineer|colleague|friend|partner|dealer|seller|buyer|landlord|landlady|teacher|doctor|mother|father|mum|mom|dad|sister|brother|ceo|cto|cfo|hr|vp|senior|junior|chief|product|sales|first|date|mr|mrs|ms|dr|prof)$/i;

const titled = /\b(?:Mr|Mrs|Ms|Dr|Prof)\.? \p{Lu}[\p{L}'’-]+/u;

/** The people named as participants, without the user. */
export function peopleIn(participants: string, user = ''): string[] {
  const own = new Set(wordsOf(user));
  return namesIn(participants, true).filter((name) => !own.has(name.toLowerCase()) && !roles.test(name));
}

/** What to call the other side when it is one person with a name: "Dana", "Mr Fischer", but no "recruiter from Google". */
export function partnerNamed(participants: string, user = ''): string | undefined {
  const who = participants.split(/ (?:from|of|at|in) |\(/i)[0]!;
  const people = peopleIn(who, user);
  if (/[;&]|\band\b/i.test(who) || (who.includes(',') && people.length > 1)) return undefined;
  return titled.exec(who)?.[0].replace('.', '') ?? people[0];
}
