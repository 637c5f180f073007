import { spawnSync } from 'child_process';
import path from 'path';

const root = path.resolve(__dirname, '../..');

test('docs/faults.md is what the tests say, and every row that can have a test has one', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/faults-page.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

describe('a title', () => {
  /** What is found in the text of a test file. */
  function proofsIn(text: string): object[] {
    const script = 'import { proofsIn } from \'./scripts/faults/proofs.mjs\'; console.log(JSON.stringify(proofsIn(\'test/a.test.ts\', process.argv[1])));';
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script, '--', text], { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    return JSON.parse(stdout);
  }

  test('names rows wherever a test can have one', () => {
    expect(proofsIn(`
      describe('row 24: a status', () => { test('counts', f); it.each([[1], [2]])('row 25, row 40b: %s', f); test('is kept', f); });
      test.each\`a\${1}\`('row 26: in a template', f);
      test(\`row 27: to \${host} and back\`, f);
    `)).toEqual([
      { file: 'test/a.test.ts', rows: ['24'], title: 'a status', tests: 3 },
      { file: 'test/a.test.ts', rows: ['25', '40b'], title: 'a status %s', tests: 1 },
      { file: 'test/a.test.ts', rows: ['26'], title: 'in a template', tests: 1 },
      { file: 'test/a.test.ts', rows: ['27'], title: 'to … and back', tests: 1 },
    ]);
  });

  test('that is not at the start, not of a test, or of one that is skipped proves nothing', () => {
    expect(proofsIn(`
      test('see row 24: a status', f); test('row 24 a status', f); log('row 24: a status'); // test('row 24: a status', f);
      test.skip('row 24: a status', f); test.todo('row 24: a status');
    `)).toEqual([]);
  });
});
