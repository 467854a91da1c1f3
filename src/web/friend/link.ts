/** The link by which a friend follows a session: what lets them in stands behind the #, where no browser sends it. */
export const friendLink = (id: string, token: string): string => `${location.origin}/friend/${encodeURIComponent(id)}#token=${token}`;
