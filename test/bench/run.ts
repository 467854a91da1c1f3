import { readdirSync } from 'node:fs';

// npm run bench            everything
// npm run bench -- words   one or several by name
const here = new URL('.', import.meta.url);
const all = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && !file.startsWith('bench-'))
  .map((file) => file.replace('.ts', ''));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench “${unknown.join(', ')}”. There are: ${all.join(', ')}.`);
  process.exit(1);
}
for (const name of wanted.length > 0 ? wanted : all) {
  console.log(`\n== ${name}`);
  const { bench } = (await import(new URL(`${name}.ts`, here).href)) as { bench: (print: (line: string) => void) => Promise<void> };
  await bench((line) => console.log(line));
}
process.exit();
