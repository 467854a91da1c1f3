/** The system's own libopus as a reference, at 16 kHz mono; `undefined` where it or the way to call it is missing. */
export async function libopus(): Promise<((packets: readonly Uint8Array[]) => Int16Array) | undefined> {
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load(process.platform === 'darwin' ? 'libopus.0.dylib' : 'libopus.so.0');
    const create = library.func('void* opus_decoder_create(int32_t, int, _Out_ int*)');
    const decode = library.func('int opus_decode(void*, const uint8_t*, int32_t, _Out_ int16_t*, int, int)');
    const destroy = library.func('void opus_decoder_destroy(void*)');
    return (packets) => {
      const decoder: unknown = create(16_000, 1, [0]);
      const room = new Int16Array(1920);
      const sound: number[] = [];
      for (const packet of packets) {
        const count = Number(decode(decoder, packet, packet.length, room, room.length, 0));
        for (let index = 0; index < count; index += 1) sound.push(room[index]!);
      }
      destroy(decoder);
      return Int16Array.from(sound);
    };
  } catch {
    return undefined;
  }
}
