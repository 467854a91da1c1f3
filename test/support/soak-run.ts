// node soak-run.ts <kinds> <lives before> <lives> <bytes> <patience> <src>: what is left of lives in the house of a folder like src, one line of JSON a kind.
// What seems to keep more than so many bytes of each is looked at again, five times at most: a leak does it every time.
import { steadySlope } from './heap-slope.ts';
import { type SoakKind, soaked } from './soak-lives.ts';

const [kinds = '', before, count, most, patience, src = ''] = process.argv.slice(2);
const { compose } = (await import(new URL('compose.ts', src).href)) as typeof import('../../src/compose.ts');
const here = await soaked(compose);
for (const kind of kinds.split(',') as SoakKind[]) {
  await here.lives(kind, Number(before), Number(patience));
  const looks = [];
  let bytes: number;
  do {
    looks.push(await here.lives(kind, Number(count), Number(patience)));
    bytes = steadySlope(looks.at(-1)!.points);
  } while (bytes > Number(most) && looks.length < 6);
  const kept = looks.reduce((sum, look) => sum + look.kept, 0);
  console.log(JSON.stringify({ kind, bytes, kept, open: looks.at(-1)!.open, awake: here.hub.awake }));
}
await here.close();
process.exit(0);
