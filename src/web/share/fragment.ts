/** What stands behind the # of a link, where no browser sends it: an invitation, and the key of what is encrypted. */
export type Fragment = { readonly token?: string | undefined; readonly key?: string | undefined };

/** Reads what stands behind the # of a link. */
export function fragmentOf(hash: string): Fragment {
  const said = new URLSearchParams(hash.slice(hash.indexOf('#') + 1));
  return { token: said.get('token') || undefined, key: said.get('key') || undefined };
}

/** The link to a conversation, with what belongs behind its #. */
export function linkTo(id: string, { token, key }: Fragment = {}): string {
  const said = [token && `token=${token}`, key && `key=${key}`].filter(Boolean).join('&');
  return `/conversation/${encodeURIComponent(id)}${said && `#${said}`}`;
}

/** What stands behind the # of whatever somebody pasted, as it belongs into the address. */
export const fragmentIn = (pasted: string): string => /#(?:token|key)=[\w=&-]+$/.exec(pasted.trim())?.[0] ?? '';
