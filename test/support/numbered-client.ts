import { pullClient } from './pull-client.ts';

/** A frame of numbered sound. */
export function frameOf(no: number, at: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(8 + bytes.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, no);
  view.setUint32(4, at);
  frame.set(bytes, 8);
  return frame;
}

/** Connects as a client that numbers its sound; `address` is that of the session's socket. */
export async function numberedClient(address: string, after = 0) {
  const client = pullClient(`${address}?after=${after}`, { protocols: ['aside.v1'] });
  const hello = await client.next('hello');
  return { ...client, hello, chunk: Number(hello.chunk), piece: (no: number, at: number, bytes: Uint8Array) => client.bytes(frameOf(no, at, bytes)) };
}
