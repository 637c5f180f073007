import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { findAccess } from '../../cli/aws-access';
import { readRunNote, RUN_NOTE, writeRunNote, type RunNote } from '../../cli/run-note';

let folder: string;
const warn = jest.fn();

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'run-note-'));
  warn.mockReset();
});
afterEach(() => rmSync(folder, { recursive: true }));

function note(over: Partial<RunNote> = {}): RunNote {
  return {
    pid: process.pid,
    awsEndpointUrl: 'http://127.0.0.1:4000',
    controlUrl: 'http://127.0.0.1:4001',
    apiUrl: 'http://127.0.0.1:4002',
    region: 'eu-west-1',
    account: '000000000000',
    stacks: ['Webhooks'],
    sources: { github: 'http://127.0.0.1:4002/github' },
    ...over,
  };
}

/** The id of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('is read as it was written, by its owner only, and kept out of git', () => {
  writeRunNote(folder, note());
  expect(readRunNote(folder, warn)).toEqual(note());
  expect(statSync(path.join(folder, RUN_NOTE)).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(folder, '.cdk-webhooks/.gitignore'), 'utf8')).toBe('*\n');
});

test('a note that everybody could read is replaced by one that only the owner can', () => {
  writeRunNote(folder, note());
  writeFileSync(path.join(folder, RUN_NOTE), '{}', { mode: 0o644 });
  writeRunNote(folder, note());
  expect(statSync(path.join(folder, RUN_NOTE)).mode & 0o777).toBe(0o600);
});

test('is gone after the run, unless another run has written its own', () => {
  const { remove, before } = writeRunNote(folder, note());
  expect(before).toBeUndefined();
  remove();
  expect(existsSync(path.join(folder, RUN_NOTE))).toBe(false);

  const first = writeRunNote(folder, note());
  writeRunNote(folder, note({ pid: process.ppid }));
  first.remove();
  expect(readRunNote(folder, warn)?.pid).toBe(process.ppid);
});

describe('of a second run', () => {
  const [first, second] = [note({ pid: process.ppid }), note({ awsEndpointUrl: 'http://127.0.0.1:5000' })];

  test('names the first one, and gives way to it at the end', () => {
    writeRunNote(folder, first);
    const { before, remove } = writeRunNote(folder, second);
    expect(before).toEqual(first);
    expect(readRunNote(folder, warn)).toMatchObject(second);
    for (let i = 0; i < 2; i++) {
      remove();
      expect(readRunNote(folder, warn)).toEqual(first);
    }
    expect(statSync(path.join(folder, RUN_NOTE)).mode & 0o777).toBe(0o600);
    expect(warn).not.toHaveBeenCalled();
  });

  test('gives way to the first one that lives', () => {
    writeRunNote(folder, first);
    const file = path.join(folder, RUN_NOTE);
    writeFileSync(file, JSON.stringify(note({ pid: endedPid(), before: first })));
    const { remove } = writeRunNote(folder, second);
    remove();
    expect(readRunNote(folder, warn)).toEqual(first);
    writeFileSync(file, JSON.stringify({ ...second, before: note({ pid: endedPid() }) }));
    remove();
    expect(existsSync(file)).toBe(false);
  });

  test('that was killed is passed over with a warning', () => {
    writeRunNote(folder, first);
    writeFileSync(path.join(folder, RUN_NOTE), JSON.stringify({ ...second, pid: endedPid(), before: first }));
    expect(readRunNote(folder, warn)).toEqual(first);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('http://127.0.0.1:4000, is used'));
  });

  test('takes no note of an ended run for another, which had its process id', () => {
    writeRunNote(folder, second);
    expect(writeRunNote(folder, second).before).toBeUndefined();
  });
});

test('of a run that was killed is ignored with a warning', () => {
  writeRunNote(folder, note({ pid: endedPid() }));
  expect(readRunNote(folder, warn)).toBeUndefined();
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('has ended'));
});

test.each(['{', '{}', 'null'])('fails on %j, which is no note', (text) => {
  writeRunNote(folder, note());
  writeFileSync(path.join(folder, RUN_NOTE), text);
  expect(() => readRunNote(folder, warn)).toThrow('delete it');
});

describe('finding the endpoint', () => {
  const dummy = expect.objectContaining({ accessKeyId: 'LOCAL' });

  test('--endpoint, then AWS_ENDPOINT_URL, then the note, then the account', () => {
    writeRunNote(folder, note());
    const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:2' };
    expect(findAccess('http://127.0.0.1:1', folder, environment).endpoint).toBe('http://127.0.0.1:1');
    expect(findAccess(undefined, folder, environment).endpoint).toBe('http://127.0.0.1:2');
    expect(findAccess(undefined, folder, {}).endpoint).toBe('http://127.0.0.1:4000');
    rmSync(path.join(folder, RUN_NOTE));
    expect(findAccess(undefined, folder, {})).toEqual({ client: {} });
  });

  test('a noted run gets dummy credentials and its own region, whatever is set', () => {
    writeRunNote(folder, note());
    const access = findAccess('http://localhost:4000', folder, { AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_REGION: 'us-west-2' });
    expect(access.client).toEqual({ endpoint: 'http://localhost:4000', region: 'eu-west-1', credentials: dummy });
    expect(access.run).toEqual(note());
  });

  test('another endpoint on loopback gets dummies, or the key that is set', () => {
    expect(findAccess('http://127.0.0.1:9', folder, {}).client).toEqual({ endpoint: 'http://127.0.0.1:9', region: 'us-east-1', credentials: dummy });
    expect(findAccess('http://127.0.0.1:9', folder, { AWS_ACCESS_KEY_ID: 'test' }).client.credentials).toBeUndefined();
  });

  test('what is on loopback may be a run', () => {
    writeRunNote(folder, note());
    expect(findAccess('http://127.0.0.1:9', folder, {}).run).toEqual({ awsEndpointUrl: 'http://127.0.0.1:9' });
    expect(findAccess('https://aws.example.com', folder, {}).run).toBeUndefined();
  });

  test('an endpoint elsewhere gets the user\'s own credentials', () => {
    expect(findAccess('https://aws.example.com', folder, {})).toEqual({ endpoint: 'https://aws.example.com', client: { endpoint: 'https://aws.example.com' } });
  });

  test.each(['127.0.0.1:4000', 'ftp://x', ''])('fails on --endpoint %j', (endpoint) => {
    expect(() => findAccess(endpoint, folder, {})).toThrow('--endpoint');
  });
});
