import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

// the whole product against vendors that only exist on this machine: their delays are real, their wit is not
const vendors = new Worker(new URL('./vendors.ts', import.meta.url));
const [at] = (await once(vendors, 'message')) as [{ elevenLabs: string; openAi: string; hears: boolean; speaks: boolean }];
vendors.unref();
Object.assign(process.env, {
  ELEVENLABS_API_KEY: 'simulated',
  ELEVENLABS_URL: at.elevenLabs,
  OPENAI_API_KEY: 'simulated',
  OPENAI_BASE_URL: at.openAi,
  OPENAI_DIALECT: 'openai',
  ELEVENLABS_AGENT: 'simulated',
  EARS: process.env.EARS ?? (process.env.COACH === 'elevenlabs-agent' ? 'auto' : 'elevenlabs'),
});
process.stdout.write(
  `\nThese vendors are simulated: they hear ${at.hears ? 'with PocketSphinx' : 'only counted tones'}, think in a few set phrases and speak ${at.speaks ? 'with flite' : 'in beeps, because flite does not run here'}. Nothing leaves this machine.\n`,
);
process.argv.splice(2, process.argv.length, 'serve');
await import('../../src/main.ts');
