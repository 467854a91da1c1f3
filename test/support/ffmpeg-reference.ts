import { execFileSync } from 'node:child_process';

/** Whether ffmpeg and ffprobe are here. */
export const hasFfmpeg = ((): boolean => {
  try {
    for (const program of ['ffmpeg', 'ffprobe']) execFileSync(program, ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const run = (program: string, args: readonly string[], input?: Uint8Array): Buffer =>
  execFileSync(program, ['-v', 'error', ...args], { maxBuffer: 1 << 28, ...(input ? { input } : {}) });

/** The packets of a file as ffmpeg's own demuxers take them apart. */
export function packetsByFfmpeg(path: string): Uint8Array[] {
  const report: { packets: { data: string }[] } = JSON.parse(run('ffprobe', ['-show_packets', '-show_data', '-of', 'json', path]).toString());
  return report.packets.map(({ data }) => {
    // lines like «00000010: 4b4d 5a5a  KMZZ»
    const hex = data.split('\n').map((line) => line.slice(10, 50).replaceAll(' ', ''));
    return new Uint8Array(Buffer.from(hex.join(''), 'hex'));
  });
}

/** A sound file as ffmpeg decodes it, at 16 kHz mono, from the given 48 kHz sample on. */
export function soundByFfmpeg(path: string, from = 0, codec?: string): Int16Array {
  const bytes = run('ffmpeg', [
    ...(codec ? ['-c:a', codec] : []),
    '-i',
    path,
    '-af',
    `atrim=start_sample=${from}`,
    '-ar',
    '16000',
    '-ac',
    '1',
    '-f',
    's16le',
    '-',
  ]);
  return new Int16Array(new Uint8Array(bytes).buffer);
}

/** Whatever ffmpeg makes of these bytes, by its own arguments. */
export const byFfmpeg = (args: readonly string[], input: Uint8Array): Uint8Array => new Uint8Array(run('ffmpeg', args, input));
