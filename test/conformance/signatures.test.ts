import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const VECTORS = path.join(__dirname, 'vectors');

function run(files: readonly string[]): Promise<{ code: number; stdout: string }> {
  const args = ['--import', 'tsx', path.join(ROOT, 'test/conformance/signatures/run.ts'), ...files];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 26 }, (error, stdout) => resolve({ code: error ? Number(error.code) : 0, stdout }));
  });
}

test('every recorded request and handshake is judged as its sender says, by the built function', async () => {
  const files = readdirSync(VECTORS).filter((name) => name.endsWith('.json')).map((name) => path.join(VECTORS, name));
  const { code, stdout } = await run(files);
  expect(stdout.split('\n').filter((line) => line.startsWith('FAILED'))).toEqual([]);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('1283 passed, 0 failed');
  expect(code).toBe(0);
}, 120_000);

test('a case that is not judged so fails the run', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
  const [first] = JSON.parse(readFileSync(path.join(VECTORS, 'github.json'), 'utf8')) as { expect: string }[];
  const file = path.join(folder, 'wrong.json');
  writeFileSync(file, JSON.stringify([first, { ...first, expect: first?.expect === 'valid' ? 'invalid' : 'valid' }]));
  const { code, stdout } = await run([file]);
  expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([1, '1 passed, 1 failed']);
  expect((await run([path.join(folder, 'none.json')])).code).toBe(2);
  rmSync(folder, { recursive: true });
});
