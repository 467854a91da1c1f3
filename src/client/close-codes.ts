/** What to do when a socket has closed: come back after a while, or stay away and say why. */
export type Next = { readonly wait: number } | { readonly over: string };

const final: Record<number, string> = {
  1000: 'This session is finished.',
  1008: 'Aside could not understand this page, so it hung up. Reload the page.',
  1009: 'This page sent more at once than Aside takes, so it hung up. Reload the page.',
  4001: 'You may not use this session: its key is not right. Start a new session.',
  4004: 'Aside does not know this session any more: it was erased, or the service started afresh. Start a new session.',
  4009: 'This session was opened somewhere else, and goes on there. Close the other page to use it here.',
  4010: 'Aside has changed. Reload the page to go on.',
};

/** The first wait, the longest while it may be a short break, and the longest after that many attempts, in ms. */
const first = 250;
const longest = 500;
const hopeful = 40;
const longestAfter = 10_000;

/** Reads a close code: `attempt` counts the failures in a row, `random` (0–1) spreads the crowd. */
export function afterClose(code: number, reason: string, attempt: number, random: number): Next {
  const sentence = final[code];
  if (sentence) return { over: sentence };
  // a restart sends everybody away at once: they must not all be back in the same moment
  if (code === 1012 && attempt === 0) return { wait: Math.round(random * 2_000) };
  const asked = code === 1013 ? Number(/\d+/.exec(reason)?.[0] ?? 0) * 1_000 : code === 4029 ? 2_000 : 0;
  const backoff = attempt < hopeful ? Math.min(longest, first * 2 ** attempt) : longestAfter;
  return { wait: Math.round(Math.min(asked, 60_000) + backoff * (0.5 + random / 2)) };
}
