const normal = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s']/gu, '')
    .split(/\s+/)
    .filter(Boolean);

/** Nobody says so many words a second, for long. */
const fastest = 5;
const sentence = 3;

/** Vendors are known to say a text twice or thrice as if it had been spoken so; this is it once, where `ms` of sound leave no doubt. */
export function unrepeated(text: string, ms: number): string {
  const words = normal(text);
  const shown = text.trim().split(/\s+/);
  if (shown.length !== words.length) return text.trim();
  for (let length = 1; length <= words.length / 2; length += 1) {
    if (words.length % length !== 0) continue;
    if (!words.every((word, index) => word === words[index % length])) continue;
    const hurried = words.length / (ms / 1_000) > fastest;
    return hurried || length >= sentence ? shown.slice(0, length).join(' ') : text.trim();
  }
  return text.trim();
}

/** Whether a text only says again what stands at the end of the one before it. */
export function repeats(text: string, before: string | undefined): boolean {
  const [words, last] = [normal(text), normal(before ?? '')];
  if (words.length === 0) return true;
  const shared = Math.min(words.length, last.length);
  return shared > 0 && words.slice(-shared).join(' ') === last.slice(-shared).join(' ');
}

/** Whether two texts say the same words. */
export const saysSame = (text: string, other: string): boolean => normal(text).join(' ') === normal(other).join(' ');
