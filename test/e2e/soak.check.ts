import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

test('row 23, row 24, row 25, row 26, row 27, row 28: thousands of deliveries to all of these at once leave nothing behind', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/soak.mjs', '--deliveries', '2000'], { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ misses: [], idleSockets: 0 });
  expect(status).toBe(0);
  console.info(`soak: ${stdout}`);
}, 600_000);
