/** What is waited for; after half a minute a sentence instead, since a test that waits for ever tells nobody what for. */
export async function within<T>(waited: Promise<T>, what: string, ms = 30_000): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`After ${ms / 1_000} s there was still nothing of this: ${what}.`)), ms);
  try {
    return await Promise.race([waited, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
