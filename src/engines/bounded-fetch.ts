/** Fetches, but nobody can fill our memory: an answer that has more than `most` bytes breaks off. Nor is a key, or what people said, taken to where a server points. */
export const boundedFetch =
  (most: number) =>
  async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, { redirect: 'error', ...init });
    if (!response.body) return response;
    let left = most;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        left -= bytes.byteLength;
        if (left < 0) controller.error(new TypeError('terminated: the answer does not end'));
        else controller.enqueue(bytes);
      },
    });
    return new Response(response.body.pipeThrough(counted), response);
  };
