export async function ears(_settings: { dataDir: string; modelUrl?: string }, _stop: AbortSignal): Promise<number> {
  return 1;
}
