import { type Clock, ManualClock, RealClock } from '../../local/clock';
import { ControlServer } from '../../local/control';
import { post, type Reply } from './services';

const START = Date.parse('2026-11-20T12:00:00Z');
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();

let control: ControlServer;

async function serve(clock: Clock): Promise<void> {
  control = new ControlServer(clock);
  await control.listen(0);
}

afterEach(() => control.close());

const get = (path = '/clock', headers: object = {}) => post(control.origin + path, { ...headers }, '', 'GET');
const move = (body: string, headers: object = {}): Promise<Reply> => post(`${control.origin}/clock`, { 'content-type': 'application/json', ...headers }, body);
const told = ({ status, body }: Reply) => [status, JSON.parse(body)];

describe('a manual clock', () => {
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock(START);
    await serve(clock);
  });

  test('tells its time and what is due', async () => {
    expect(told(await get())).toEqual([200, { mode: 'manual', now: at(0), due: 0, nextDueAt: null }]);
    clock.schedule(START + 60_000, () => undefined);
    expect(told(await get())).toEqual([200, { mode: 'manual', now: at(0), due: 1, nextDueAt: at(60) }]);
  });

  test('moves on, and says what ran and what is next', async () => {
    clock.schedule(START + 30_000, () => undefined);
    clock.schedule(START + 90_000, () => undefined);
    expect(told(await move('{"advanceSeconds": 60}'))).toEqual([200, { now: at(60), ran: 1, nextDueAt: at(90) }]);
    expect(told(await move('{"advanceSeconds": 0}'))).toEqual([200, { now: at(60), ran: 0, nextDueAt: at(90) }]);
    expect(told(await move('{"advanceSeconds": 0.5}'))).toEqual([200, { now: at(60.5), ran: 0, nextDueAt: at(90) }]);
  });

  test('answers only when all that was due has run to its end', async () => {
    let done = 0;
    clock.schedule(START + 1000, () => void clock.track((async () => {
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      // What it causes is due within the same move.
      clock.schedule(START + 2000, () => done++);
    })()));
    expect(told(await move('{"advanceSeconds": 2}'))).toEqual([200, { now: at(2), ran: 2, nextDueAt: null }]);
    expect(done).toBe(1);
  });

  test('takes ten years at most', async () => {
    expect((await move('{"advanceSeconds": 315576000}')).status).toBe(200);
    expect((await move('{"advanceSeconds": 315576001}')).status).toBe(400);
  });

  test.each(['', '{', 'null', '[]', '{}', '{"advanceSeconds": -1}', '{"advanceSeconds": "60"}', '{"advanceSeconds": null}', '{"advanceSeconds": 1e999}'])(
    'stands still for %j', async (body) => {
      expect(told(await move(body))).toEqual([400, { error: expect.stringMatching(/advanceSeconds/) }]);
      expect(clock.now()).toBe(START);
    });

  test.each<[string, object, number]>([
    ['under another name', { host: 'evil.example' }, 403],
    ['of a page of another origin', { origin: 'https://evil.example' }, 403],
    ['with a content type that a page may post', { 'content-type': 'text/plain' }, 415],
    ['without a content type', { 'content-type': '' }, 415],
  ])('stands still for a request %s', async (_name, headers, status) => {
    expect(told(await move('{"advanceSeconds": 60}', headers))).toEqual([status, { error: expect.any(String) }]);
    expect(clock.now()).toBe(START);
  });

  test('is not told under another name', async () => {
    expect((await get('/clock', { host: 'evil.example' })).status).toBe(403);
  });

  test('has no other path and no other method, and takes no big body', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await post(`${control.origin}/clock`, {}, '', 'DELETE')).status).toBe(405);
    expect((await move(`{"advanceSeconds": 60, "more": "${'x'.repeat(1024)}"}`)).status).toBe(413);
    expect(clock.now()).toBe(START);
  });

  test('takes a content type with a character set, and its own origin', async () => {
    expect((await move('{"advanceSeconds": 60}', { 'content-type': 'application/json; charset=utf-8', 'origin': control.origin })).status).toBe(200);
  });
});

test('a real clock tells its time and refuses to move', async () => {
  const clock = new RealClock();
  await serve(clock);
  clock.schedule(Date.now() + 60_000, () => undefined);
  const [status, body] = told(await get());
  expect([status, body.mode, body.due]).toEqual([200, 'real', 1]);
  expect(Math.abs(Date.parse(body.now) - Date.now())).toBeLessThan(5000);
  expect(told(await move('{"advanceSeconds": 60}'))).toEqual([409, { error: expect.stringContaining('--clock manual') }]);
  expect((await move('{"advanceSeconds": -1}')).status).toBe(400);
  clock.close();
});

test('fails when the port is taken, and names it', async () => {
  await serve(new ManualClock(START));
  const port = Number(new URL(control.origin).port);
  await expect(new ControlServer(new ManualClock(START)).listen(port)).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining(`port ${port}`) });
});
