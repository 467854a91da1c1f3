import { blowUp } from './container-bombs.ts';
import { fuzzContainers } from './container-fuzz.ts';
import { readersOf } from './container-readers.ts';

// a process of its own runs the source as it stands, without the test runner in between
Error.stackTraceLimit = 0;
const [audio = '', first, count] = process.argv.slice(2);
const readers = await readersOf(audio);
process.stdout.write(JSON.stringify({ ...fuzzContainers(readers, Number(first), Number(count)), bombs: Number(first) === 1 ? blowUp(readers) : [] }));
