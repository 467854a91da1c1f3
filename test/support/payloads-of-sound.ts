import { boxOf, referringMovie } from './mp4-boxes.ts';

const text = (...lines: string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);

/** Playlists and the like, sent as if they were sound: each asks whoever reads it to open `address`, a URL or a path. */
export const playlistsFor = (address: string): [string, Uint8Array][] => [
  ['an HLS playlist', text('#EXTM3U', '#EXT-X-TARGETDURATION:9', '#EXT-X-MEDIA-SEQUENCE:0', '#EXTINF:9,', address, '#EXT-X-ENDLIST')],
  ['an HLS playlist of playlists', text('#EXTM3U', '#EXT-X-STREAM-INF:BANDWIDTH=1', address)],
  ['an HLS key', text('#EXTM3U', '#EXT-X-TARGETDURATION:9', `#EXT-X-KEY:METHOD=AES-128,URI="${address}"`, '#EXTINF:9,', address, '#EXT-X-ENDLIST')],
  ['an HLS map', text('#EXTM3U', '#EXT-X-TARGETDURATION:9', `#EXT-X-MAP:URI="${address}"`, '#EXTINF:9,', address, '#EXT-X-ENDLIST')],
  [
    'HLS that joins the addresses of others',
    text('#EXTM3U', '#EXT-X-TARGETDURATION:9', '#EXTINF:9,', `concat:${address}|${address}`, '#EXT-X-ENDLIST'),
  ],
  ['ffconcat', text('ffconcat version 1.0', `file '${address}'`, 'duration 5')],
  ['ffconcat of subfiles', text('ffconcat version 1.0', `file 'subfile,,start,0,end,99,,:${address}'`)],
  ['ffconcat with options', text('ffconcat version 1.0', `file '${address}'`, 'option protocol_whitelist file,http,tcp,pipe')],
  ['SDP', text('v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=x', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 9 RTP/AVP 0', `a=control:${address}`)],
  ['SVG', text(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="${address}"/></svg>`)],
  ['an XML entity', text('<?xml version="1.0"?>', `<!DOCTYPE x [<!ENTITY y SYSTEM "${address}">]>`, '<x>&y;</x>')],
  [
    'DASH',
    text(
      '<?xml version="1.0"?>',
      `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${address}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    ),
  ],
  ['PLS', text('[playlist]', `File1=${address}`, 'NumberOfEntries=1')],
  ['ASX', text(`<asx version="3"><entry><ref href="${address}"/></entry></asx>`)],
  ['a redirection of RealMedia', text(address)],
  ['the metadata of ffmpeg', text(';FFMETADATA1', `title=${address}`)],
  ['a movie whose sound lies elsewhere', Buffer.concat(referringMovie(address))],
  [
    'a movie that is elsewhere',
    Buffer.concat([
      boxOf('ftyp', text('qt  ')),
      boxOf(
        'moov',
        boxOf(
          'rmra',
          boxOf('rmda', boxOf('rdrf', new Uint8Array(4), text('url '), new Uint8Array([0, 0, 0, address.length + 1]), text(`${address}\0`))),
        ),
      ),
    ]),
  ],
  ['a playlist dressed up as MP4', Buffer.concat([boxOf('ftyp', text('iso5')), text('#EXTM3U', '#EXTINF:9,', address, '#EXT-X-ENDLIST')])],
];
