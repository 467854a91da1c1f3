/** English spelling to ARPAbet, longest and most special first; `^` start and `$` end of the word. */
const rules: readonly (readonly [string, string])[] = [
  ['^kn', 'N'], ['^wr', 'R'], ['^ps', 'S'], ['^x', 'Z'], ['^mc', 'M AH K'], ['^wh', 'W'], ['^sch', 'SH'], ['^ll', 'Y'],
  ['tsch', 'CH'], ['tion', 'SH AH N'], ['sion', 'ZH AH N'], ['ture', 'CH ER'], ['eigh', 'EY'], ['ough', 'AO'], ['augh', 'AO'], ['igh', 'AY'],
  ['sch', 'SH'], ['tch', 'CH'], ['dge', 'JH'], ['ch', 'CH'], ['sh', 'SH'], ['th', 'TH'], ['ph', 'F'], ['gh', 'G'], ['ck', 'K'], ['qu', 'K W'],
  ['cz', 'CH'], ['sz', 'SH'], ['zh', 'ZH'], ['kh', 'K'], ['dh', 'D'], ['bh', 'B'], ['ng$', 'NG'], ['ngs$', 'NG Z'], ['nk', 'NG K'],
  ['eau', 'OW'], ['ieu', 'Y UW'], ['ee', 'IY'], ['ea', 'IY'], ['ie$', 'IY'], ['ie', 'IY'], ['ei', 'EY'], ['ey$', 'IY'], ['ey', 'EY'], ['ai', 'EY'], ['ay', 'EY'],
  ['oo', 'UW'], ['ou', 'AW'], ['ow$', 'OW'], ['ow', 'AW'], ['oa', 'OW'], ['oi', 'OY'], ['oy', 'OY'], ['au', 'AO'], ['aw', 'AO'], ['ue$', 'UW'], ['ew', 'UW'], ['ui', 'UW IY'], ['ia', 'IY AH'], ['io', 'IY OW'],
  ['arr', 'AE R'], ['err', 'EH R'], ['ar', 'AA R'], ['er', 'ER'], ['ir', 'ER'], ['or', 'AO R'], ['ur', 'ER'], ['yr', 'ER'],
  ['all$', 'AO L'], ['le$', 'AH L'], ['ed$', 'D'], ['es$', 'Z'], ['e$', ''],
  ['bb', 'B'], ['cc', 'K'], ['dd', 'D'], ['ff', 'F'], ['gg', 'G'], ['kk', 'K'], ['ll', 'L'], ['mm', 'M'], ['nn', 'N'], ['pp', 'P'], ['rr', 'R'], ['ss', 'S'], ['tt', 'T'], ['zz', 'Z'],
  ['ce', 'S EH'], ['ci', 'S IH'], ['cy', 'S IY'], ['ge', 'JH EH'], ['gi', 'JH IH'], ['^y', 'Y'], ['y$', 'IY'],
  ['a$', 'AH'], ['i$', 'IY'], ['o$', 'OW'], ['u$', 'UW'],
  ['a', 'AE'], ['b', 'B'], ['c', 'K'], ['d', 'D'], ['e', 'EH'], ['f', 'F'], ['g', 'G'], ['h', 'HH'], ['i', 'IH'], ['j', 'JH'], ['k', 'K'], ['l', 'L'], ['m', 'M'],
  ['n', 'N'], ['o', 'AA'], ['p', 'P'], ['q', 'K'], ['r', 'R'], ['s', 'S'], ['t', 'T'], ['u', 'AH'], ['v', 'V'], ['w', 'W'], ['x', 'K S'], ['y', 'IH'], ['z', 'Z'],
]; // biome-ignore format: one look shows the table

/** Long vowels before one consonant and a silent e: «Jane», «Mike», «Rose». */
const long: Readonly<Record<string, string>> = { a: 'EY', e: 'IY', i: 'AY', o: 'OW', u: 'UW' };

/** How a word that no dictionary has is probably said; a guess that is right often enough to be recognised. */
export function pronounce(word: string, known: (word: string) => string | undefined): string {
  return known(word) ?? fromParts(word, known) ?? fromLetters(word);
}

function fromParts(word: string, known: (word: string) => string | undefined): string | undefined {
  const stem = word.replace(/'?s$/, '');
  if (stem !== word && stem.length > 2) {
    const said = known(stem);
    if (said) return `${said} ${/ (P|T|K|F|TH)$/.test(said) ? 'S' : / (S|Z|SH|CH|JH|ZH)$/.test(said) ? 'IH Z' : 'Z'}`;
  }
  for (let cut = word.length - 3; cut >= 3; cut--) {
    const first = known(word.slice(0, cut));
    const second = first && known(word.slice(cut));
    if (second) return `${first} ${second}`;
  }
  return undefined;
}

function fromLetters(word: string): string {
  const letters = word.replaceAll("'", '');
  const phones: string[] = [];
  let at = 0;
  while (at < letters.length) {
    const magic = /^([aeiou])[bcdfgklmnprstvz]es?$/.exec(letters.slice(at));
    if (magic && at > 0) {
      phones.push(long[magic[1]!]!);
      at++;
      continue;
    }
    const rule = rules.find(([spelling]) => matches(letters, at, spelling))!;
    phones.push(rule[1]);
    at += rule[0].replace(/[\^$]/g, '').length;
  }
  return phones.filter((phone) => phone.length > 0).join(' ') || 'AH';
}

function matches(letters: string, at: number, spelling: string): boolean {
  if (spelling.startsWith('^')) return at === 0 && letters.startsWith(spelling.slice(1));
  if (spelling.endsWith('$')) return at > 0 && letters.slice(at) === spelling.slice(0, -1);
  return letters.startsWith(spelling, at);
}
