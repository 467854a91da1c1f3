/** Words that mean something but name nothing. */
const thin = new Set(
  `mind specific side sense moment matter level rest bunch haha another soon exactly roughly step come sit stay stand far hour hours minute minutes second seconds sure time times way ways day days week weeks month months year years people person guy guys man woman work works working worked part parts case cases
  point points bit thing everything number numbers one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half monday tuesday wednesday thursday
  friday saturday sunday january february march april june july august september october november december morning afternoon evening night
  believe guess suppose wonder hope wish love like enjoy hate prefer find found help helped start started stop stopped happen happened happens keep kept
  become became leave left bring brought move moved mean meant call called use using tried change changed understand understood remember care
  big small great nice fine long short old young bad best better worse worst hard easy whole full able free different important interesting
  possible usual main real true clear happy sorry afraid excited worried proud couple okay fact course lots couple question questions answer example
  welcome hi hello morning currently recently finally especially honestly obviously certainly completely totally usually already almost
  thinks thought says wants needs likes loves loved runs ran comes drove drives bought buy buys sold sell sells ate eat breaks broke sees gets tired does makes takes took goes knows asks asked starts stops ends ended begins began gives works seems became worries
  instead always never often sometimes sounds sounded looks seems percent third quarter dozen end tell describe explain walk speak hear heard listen share introduce live lives lived pay paid play played went`.split(
    /\s+/,
  ),
);

/** Whether a word, lower-case, can be the subject of a talk: no amount, no time, no pleasantry, nothing that somebody merely does. */
export const namesSomething = (word: string): boolean => !thin.has(word) && !thin.has(word.replace(/s$/, ''));
