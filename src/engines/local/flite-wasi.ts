/** One fresh copy of the flite program, ready to say one thing. */
export type FliteProgram = { say(text: string, voice: string, stretch: number): Uint8Array };

const OUT = 'out.wav';
const OUT_FD = 4;
const ROOT_FD = 3;
const BAD_FD = 8;
const NO_ENTRY = 44;
const NOT_SEEKABLE = 70;
const OPEN_TRUNCATE = 8;

/** Prepares a copy of flite with just enough of WASI for it: its arguments, no clock, no files but the one it writes. */
export function fliteProgram(module: WebAssembly.Module): FliteProgram {
  let args: Uint8Array[] = [];
  const file = memoryFile();
  const instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: {
      args_sizes_get(count: number, size: number): number {
        view().setUint32(count, args.length, true);
        view().setUint32(
          size,
          args.reduce((sum, arg) => sum + arg.length, 0),
          true,
        );
        return 0;
      },
      args_get(pointers: number, bytes: number): number {
        args.forEach((arg, index) => {
          view().setUint32(pointers + 4 * index, bytes, true);
          part(bytes, arg.length).set(arg);
          bytes += arg.length;
        });
        return 0;
      },
      clock_time_get(_id: number, _precision: bigint, time: number): number {
        view().setBigUint64(time, 0n, true);
        return 0;
      },
      fd_close: (): number => 0,
      fd_fdstat_set_flags: (): number => 0,
      fd_fdstat_get(fd: number, stat: number): number {
        part(stat, 24).fill(0);
        view().setUint8(stat, fd < ROOT_FD ? 2 : fd === ROOT_FD ? 3 : 4);
        part(stat + 8, 16).fill(0xff);
        return 0;
      },
      fd_prestat_get(fd: number, stat: number): number {
        if (fd !== ROOT_FD) return BAD_FD;
        view().setUint32(stat, 0, true);
        view().setUint32(stat + 4, 1, true);
        return 0;
      },
      fd_prestat_dir_name(_fd: number, path: number): number {
        part(path, 1)[0] = 47;
        return 0;
      },
      fd_read: (fd: number, vectors: number, count: number, total: number): number =>
        each(vectors, count, total, (bytes) => (fd === OUT_FD ? file.read(bytes) : 0)),
      fd_write: (fd: number, vectors: number, count: number, total: number): number =>
        each(vectors, count, total, (bytes) => (fd === OUT_FD ? file.write(bytes) : bytes.length)),
      fd_seek(fd: number, offset: bigint, whence: number, position: number): number {
        if (fd !== OUT_FD) return NOT_SEEKABLE;
        view().setBigUint64(position, BigInt(file.seek(Number(offset), whence)), true);
        return 0;
      },
      path_open(_fd: number, _look: number, path: number, length: number, how: number, _a: bigint, _b: bigint, _flags: number, fd: number): number {
        if (new TextDecoder().decode(part(path, length)) !== OUT) return NO_ENTRY;
        if (how & OPEN_TRUNCATE) file.truncate();
        file.seek(0, 0);
        view().setUint32(fd, OUT_FD, true);
        return 0;
      },
      proc_exit(code: number): never {
        throw new Exit(code);
      },
    },
  });
  const { memory, _start } = instance.exports as { memory: WebAssembly.Memory; _start: () => void };
  // the memory may have grown, which detaches every older view
  const view = (): DataView => new DataView(memory.buffer);
  const part = (at: number, length: number): Uint8Array => new Uint8Array(memory.buffer, at, length);
  const each = (vectors: number, count: number, total: number, move: (bytes: Uint8Array) => number): number => {
    let sum = 0;
    for (let index = 0; index < count; index++)
      sum += move(part(view().getUint32(vectors + 8 * index, true), view().getUint32(vectors + 8 * index + 4, true)));
    view().setUint32(total, sum, true);
    return 0;
  };

  return {
    say(text, voice, stretch) {
      // a leading space: whatever the text is, it can never be taken for an option
      args = ['flite', '-voice', voice, '--setf', `duration_stretch=${stretch}`, '-t', ` ${text}`, '-o', OUT].map((arg) =>
        new TextEncoder().encode(`${arg}\0`),
      );
      try {
        _start();
      } catch (thrown) {
        if (!(thrown instanceof Exit) || thrown.code !== 0) throw thrown;
      }
      return file.bytes();
    },
  };
}

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`flite ended with ${code}`);
    this.code = code;
  }
}

function memoryFile() {
  let data = new Uint8Array(256 * 1024);
  let size = 0;
  let position = 0;
  return {
    bytes: () => data.slice(0, size),
    truncate() {
      size = 0;
    },
    seek(offset: number, whence: number) {
      position = Math.max(0, offset + (whence === 0 ? 0 : whence === 1 ? position : size));
      return position;
    },
    read(into: Uint8Array) {
      const piece = data.subarray(position, Math.min(size, position + into.length));
      into.set(piece);
      position += piece.length;
      return piece.length;
    },
    write(from: Uint8Array) {
      const end = position + from.length;
      if (end > data.length) {
        const larger = new Uint8Array(Math.max(end, data.length * 2));
        larger.set(data);
        data = larger;
      }
      data.set(from, position);
      position = end;
      size = Math.max(size, end);
      return from.length;
    },
  };
}
