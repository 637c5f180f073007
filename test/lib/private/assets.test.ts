import * as path from 'path';
import { bundleDirectory } from '../../../lib/private/assets';

test('finds a bundle from where the file lies', () => {
  expect(bundleDirectory('senders', 'http')).toBe(path.resolve(__dirname, '../../../assets/senders/http'));
});

test('fails when a bundle is missing, and says what to run', () => {
  expect(() => bundleDirectory('senders', 'pigeon')).toThrow(/^the bundle "senders\/pigeon" is missing at ".*": in a checkout run "npm run bundle"/);
});
