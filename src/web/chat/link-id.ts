/** The id in whatever somebody was sent: the id itself, or a link that ends in it. */
export const idInLink = (text: string): string | undefined =>
  text
    .trim()
    .replace(/#(token|key)=.*$/, '')
    .split(/[#/?]/)
    .findLast((piece) => /^[\w-]{8,64}$/.test(piece));
