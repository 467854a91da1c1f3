import { mkdirSync, writeFileSync } from 'node:fs';
import { spoken } from './dialogue.ts';
import { interviewLines } from './interview.ts';
import { webmOf } from './webm-writer.ts';

// Makes fixtures/sound/interview.webm, the recording of the README: two embedded voices, recorded as a browser would.
const { samples } = await spoken(interviewLines);
mkdirSync('fixtures/sound', { recursive: true });
writeFileSync('fixtures/sound/interview.webm', Buffer.concat(webmOf(samples, { chunkMs: 250, bitrate: 24_000 })));
process.exit();
