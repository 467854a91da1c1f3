import type { Page } from 'playwright-core';
import { RATE } from '../../src/core/ports.ts';
import { wavFile } from '../../src/engines/wav-file.ts';

/** Lets the microphone of a page say `samples` as soon as it is recorded, for browsers that play no file into it: the device is asked for and opened, and this is heard in its place. Asked for before the sounds of the page are noted, it is none of them. */
export async function spokenIntoPage(page: Page, samples: Int16Array): Promise<void> {
  await page.addInitScript(
    (wav) => {
      const speak = AudioBufferSourceNode.prototype.start;
      // an empty page has no devices
      if (!navigator.mediaDevices) return;
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const device = await ask(wanted);
        const context = new AudioContext();
        const buffer = await context.decodeAudioData(Uint8Array.from(atob(wav), (letter) => letter.charCodeAt(0)).buffer);
        const mouth = new AudioBufferSourceNode(context, { buffer });
        const ear = new MediaStreamAudioDestinationNode(context);
        mouth.connect(ear);
        const record = MediaRecorder.prototype.start;
        MediaRecorder.prototype.start = function (...every) {
          MediaRecorder.prototype.start = record;
          this.addEventListener('start', () => speak.call(mouth), { once: true });
          record.apply(this, every);
        };
        // whoever holds the stream holds none of these
        Object.assign(globalThis, { spoken: { device, mouth } });
        return ear.stream;
      };
    },
    Buffer.from(wavFile(samples, RATE)).toString('base64'),
  );
}
