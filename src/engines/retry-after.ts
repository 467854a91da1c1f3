/** How long a server asks us to stay away, in ms; a date counts from the server's own clock. */
export function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = headers?.get('retry-after-ms');
  if (ms && Number(ms) >= 0) return Number(ms);
  const after = headers?.get('retry-after');
  if (!after) return undefined;
  if (Number(after) >= 0) return Number(after) * 1_000;
  const wait = Date.parse(after) - Date.parse(headers?.get('date') ?? '');
  return wait >= 0 ? wait : undefined;
}
