import { asProblem } from '../core/problem.ts';
import { pocketsphinxPackages } from '../engines/local/pocketsphinx.ts';
import { findModel } from '../engines/local/sherpa-model.ts';
import { Unreachable } from './download.ts';
import { type EarsMachine, thisMachine } from './ears-machine.ts';
import { fetchSpeechModel } from './speech-model.ts';

/** The speech model that is fetched unless another is asked for. */
const usualModel = 'https://github.com/k2-fsa/sherpa-onnx/releases/download/asr-models/sherpa-onnx-streaming-zipformer-en-2023-06-26.tar.bz2';

const licence = `  English, about 300 MB to fetch, 75 MB to keep. Model: Apache-2.0 (k2-fsa), trained on LibriSpeech (CC BY 4.0).
  It is run by sherpa-onnx (Apache-2.0 with parts under GPL-3), in a process of its own.\n`;

export type EarsSettings = {
  readonly dataDir: string;
  readonly modelUrl?: string;
  /** The machine to do it on; this one unless said otherwise. */
  readonly machine?: EarsMachine;
};

/** Gets the best offline recogniser that this machine can have, saying each step; gives the exit code. Safe to repeat. */
export async function ears(settings: EarsSettings, stop: AbortSignal): Promise<number> {
  const machine = settings.machine ?? thisMachine();
  const { print } = machine;
  try {
    if (runsSherpa()) {
      const model = await findModel(settings.dataDir);
      if (model) {
        print(`The speech model ${model.name} is already here, and unharmed. Nothing to do.\n`);
        return 0;
      }
      if (await gotModel(settings, machine, stop)) return 0;
    } else print('sherpa-onnx-node is not installed for this platform, so the big speech model cannot run here.\n');
    return await getPocketsphinx(machine, stop);
  } catch (error) {
    if (stop.aborted) {
      print('\nStopped. Run npm run ears again to go on where it was.\n');
      return 130;
    }
    print(`\n${asProblem(error, 'internal', `The recogniser could not be fetched: ${String(error)}`).message}\n`);
    return 1;
  }
}

/** False when the model's server cannot be reached from here. */
async function gotModel(settings: EarsSettings, machine: EarsMachine, stop: AbortSignal): Promise<boolean> {
  const url = settings.modelUrl ?? usualModel;
  machine.print(`Fetching the speech model from ${url}\n${settings.modelUrl ? '' : licence}`);
  try {
    const name = await fetchSpeechModel(url, settings.dataDir, machine, stop);
    machine.print(`The speech model ${name} is ready. npm start uses it.\n`);
    return true;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    machine.print(`  ${error.message}\n`);
    return false;
  }
}

async function getPocketsphinx(machine: EarsMachine, stop: AbortSignal): Promise<number> {
  const { print, run, quietly } = machine;
  const ready =
    'It gets about one word in three wrong and knows only English: good for trying Aside out. Run npm run ears again when you are elsewhere online.\n';
  if (await machine.hasPocketsphinx()) {
    print(`PocketSphinx is already here; npm start uses it. ${ready}`);
    return 0;
  }
  const sudo = machine.root ? [] : machine.tty ? ['sudo'] : ['sudo', '-n'];
  const installs = [...sudo, 'apt-get', 'install', '-y', '--no-install-recommends', ...pocketsphinxPackages];
  const go = (line: string[]) => run(line[0]!, line.slice(1), stop);
  if ((await quietly('apt-get', ['--version'], stop)) === 0) {
    print(`Installing PocketSphinx instead: ${installs.join(' ')}\n`);
    // a fresh container knows no packages before it has been told of them
    if ((await go(installs)) !== 0 && (await go([...sudo, 'apt-get', 'update'])) === 0) await go(installs);
  } else if ((await quietly('brew', ['--version'], stop)) === 0) {
    print('Installing PocketSphinx instead: brew install cmu-pocketsphinx\n');
    await run('brew', ['install', 'cmu-pocketsphinx'], stop);
  }
  stop.throwIfAborted();
  if (await machine.hasPocketsphinx()) {
    print(`PocketSphinx is ready; npm start uses it. ${ready}`);
    return 0;
  }
  print(
    `This machine has no offline recogniser now: install ${pocketsphinxPackages.join(' and ')} with its package manager, or run npm run ears where github.com can be reached; until then npm start offers the browser’s own recognition.\n`,
  );
  return 1;
}

function runsSherpa(): boolean {
  try {
    import.meta.resolve('sherpa-onnx-node');
    return true;
  } catch {
    return false;
  }
}
