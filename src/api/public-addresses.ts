/** Where the service is found from outside, as far as whoever runs it says so. */
export type PublicSettings = { readonly API_WS_BASE?: string | undefined; readonly PUBLIC_URL?: string | undefined };

/** The addresses in front of all paths: of the sockets and of the pages, by the host that was asked where nothing else is known. */
export function publicAddresses({ API_WS_BASE, PUBLIC_URL }: PublicSettings) {
  // with or without the path that all sockets have
  const sockets = API_WS_BASE?.replace(/\/(?:ws\/?)?$/, '');
  const pages = PUBLIC_URL?.replace(/\/$/, '') ?? sockets?.replace(/^ws/, 'http');
  return {
    socketBase: (host: string): string => sockets ?? `ws://${host}`,
    publicBase: (host: string): string => pages ?? `http://${host}`,
  };
}
