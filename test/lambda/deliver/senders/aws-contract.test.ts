import type { SendResult } from '../../../../lib/contract/sender';
import { isUnavailable } from '../../../../lib/contract/breaker';
import { classify } from '../../../../lambda/deliver/classify';
import { KINDS, type Problem } from './aws-kinds';
import { awsTarget, EVENT, type AwsTarget, type Options } from './aws-target';

const cleanups: (() => void)[] = [];
afterEach(() => { for (const cleanup of cleanups.splice(0)) cleanup(); });

async function target(name: string, options?: Options): Promise<AwsTarget> {
  const made = await awsTarget(name, options);
  cleanups.push(made.close);
  return made;
}

const answering = (problem: Problem): Options => ({ answer: (_request, _count, kind) => kind.refused(problem) });

/** After more than an hour of trying, when an HTTP target's 400 would be given up. */
const AGES = { seconds: 7_200, tryingSeconds: 7_200 };
const verdict = (result: SendResult) => classify(result, AGES, { retry: { maxAgeSeconds: 345_600, delaysSeconds: [5] } });

const RETRY = { kind: 'retry', slower: false };

describe.each(Object.keys(KINDS))('%s', (name) => {
  test('what arrives is the event, to the letter', async () => {
    const { send, received, arrived } = await target(name);
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
    expect(received).toHaveLength(1);
    const { id, source, type, time, body } = EVENT;
    expect(arrived()).toEqual([{ id, source, type, time, bytes: body }]);
  });

  test.each([
    ['binary', Buffer.from([0, 255, 254, 10, 128])],
    ['empty', Buffer.alloc(0)],
    ['plain text', Buffer.from('a=1&b=%20ü')],
    ['text with a byte order mark', Buffer.from('\uFEFFhello')],
    ['text with a control character', Buffer.from('a\u0000\u0001b')],
    ['JSON that is not an object', Buffer.from(' "x" ')],
  ])('a body that is %s', async (_name, body) => {
    const { send, arrived } = await target(name);
    expect(await send({ body })).toMatchObject({ outcome: 'delivered' });
    expect(arrived().map(({ bytes }) => bytes)).toEqual([body]);
  });

  test.each(['größe.geändert', '訂單/已付款', 'a b%', 'x'.repeat(200)])('the type %j', async (type) => {
    const { send, arrived } = await target(name);
    expect(await send({ type })).toMatchObject({ outcome: 'delivered' });
    expect(arrived().map((event) => event.type)).toEqual([type]);
  });

  test('no type', async () => {
    const { send, arrived } = await target(name);
    expect(await send({ type: null })).toMatchObject({ outcome: 'delivered' });
    expect(arrived().map(({ type }) => type)).toEqual([null]);
  });

  test('a type with half a character is no reason to fail', async () => {
    const { send } = await target(name);
    expect(await send({ type: 'a\uD800b' })).toMatchObject({ outcome: 'delivered' });
  });

  test('throttling is tried twice, and then again more slowly', async () => {
    const { kind, send, received } = await target(name, answering(KINDS[name]!.throttled));
    const result = await send();
    expect(result).toMatchObject({ outcome: 'throttled', status: null, detail: expect.stringContaining(kind.throttled.code) });
    expect(received).toHaveLength(2);
    expect(verdict(result)).toEqual({ kind: 'retry', slower: true });
  });

  test('a service that fails is tried twice, and then again', async () => {
    const { send, received } = await target(name, answering({ status: 500, code: 'InternalFailure' }));
    const result = await send();
    expect(result).toMatchObject({ outcome: 'aws', status: null, detail: expect.stringContaining('the service failed (InternalFailure)') });
    expect(received).toHaveLength(2);
    expect(verdict(result)).toEqual(RETRY);
  });

  test('an answer that nobody can read', async () => {
    const { send } = await target(name, { answer: () => ({ status: 502, body: '<html>the secret body of a proxy' }) });
    expect(await send()).toEqual({ outcome: 'aws', status: null, detail: expect.stringMatching(/: the service failed \(HTTP 502\)$/) });
  });

  test('a connection that breaks once is no failure', async () => {
    const { send } = await target(name, { answer: (request, count, kind) => count === 1 ? 'reset' : kind.taken(request) });
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
  });

  test('a connection that breaks again', async () => {
    const { send, received } = await target(name, { answer: () => 'reset' });
    const result = await send();
    expect(result).toMatchObject({ outcome: 'aws', status: null });
    expect(received).toHaveLength(2);
    expect(verdict(result)).toEqual(RETRY);
  });

  test('the end of the attempt\'s time ends the call', async () => {
    const time = new AbortController();
    const { send } = await target(name, { answer: () => { time.abort(); return undefined; } });
    const result = await send({ signal: time.signal });
    expect(result).toEqual({ outcome: 'timeout', status: null, detail: expect.stringContaining('there was no answer in time') });
    expect(verdict(result)).toEqual(RETRY);
  });

  test('no call is made when the time is over', async () => {
    const { send, received } = await target(name);
    expect(await send({ signal: AbortSignal.abort() })).toMatchObject({ outcome: 'timeout' });
    expect(received).toHaveLength(0);
  });

  test.each(['denied', 'missing'] as const)('%s is never final: a deployment may bring it back', async (what) => {
    const problem = KINDS[name]![what];
    const { send, received } = await target(name, answering(problem));
    const result = await send();
    expect(result).toMatchObject({ outcome: 'aws', status: null, detail: expect.stringContaining(`(${problem.code}): told by the service`) });
    expect(result.permanent).toBeUndefined();
    expect(received).toHaveLength(1);
    expect(verdict(result)).toEqual(RETRY);
    expect(isUnavailable(result)).toBe(true);
  });

  test('what the service never takes is rejected at once, in words that do not quote it', async () => {
    const { content } = KINDS[name]!;
    const { send, received } = await target(name, answering({ ...content, message: `${content.message ?? ''} Value 'für'` }));
    const result = await send();
    expect(result).toMatchObject({ outcome: 'aws', status: content.status, permanent: true, detail: expect.stringContaining(`(${content.code})`) });
    expect(result.detail).not.toContain('für');
    expect(received).toHaveLength(1);
    expect(verdict(result)).toMatchObject({ kind: 'dead-letter', reason: 'rejected' });
    expect(isUnavailable(result)).toBe(false);
  });

  test('what nobody knows is tried again', async () => {
    const { send } = await target(name, answering({ status: 400, code: 'SomethingNew' }));
    expect(verdict(await send())).toEqual(RETRY);
  });

  test('without credentials no call is made', async () => {
    const { send, received } = await target(name, { environment: () => ({ AWS_ACCESS_KEY_ID: '' }) });
    expect(await send()).toMatchObject({ outcome: 'aws', status: null });
    expect(received).toHaveLength(0);
  });

  test('signs for the region of its resource, and else for the function\'s own', async () => {
    const { send, received, kind } = await target(name);
    await send();
    const region = JSON.stringify(kind.settings).includes('eu-west-1') ? 'eu-west-1' : 'eu-north-1';
    expect(received[0]!.headers.authorization).toContain(`/${region}/`);
  });
});

describe.each(Object.entries(KINDS).flatMap(([name, { maxBytes }]) => maxBytes === undefined ? [] : [[name, maxBytes] as const]))('%s and its limit', (name, maxBytes) => {
  test('too big is rejected at once, by size and limit, and no call is made', async () => {
    const { send, received } = await target(name);
    const result = await send({ body: Buffer.alloc(maxBytes + 1, 'a') });
    expect(result).toMatchObject({ outcome: 'blocked', status: null, permanent: true, detail: expect.stringContaining(`the limit is ${maxBytes} bytes`) });
    const [, bytes] = /would be (\d+) bytes/.exec(result.detail!)!;
    expect(received).toHaveLength(0);
    expect(verdict(result)).toMatchObject({ kind: 'dead-letter', reason: 'rejected' });
    expect(isUnavailable(result)).toBe(false);

    const body = Buffer.alloc(2 * maxBytes + 1 - Number(bytes), 'a');
    expect(await send({ body })).toEqual({ outcome: 'delivered', status: 200 });
    expect(await send({ body: Buffer.concat([body, Buffer.from('a')]) })).toMatchObject({ outcome: 'blocked', detail: expect.stringContaining(`would be ${maxBytes + 1} bytes`) });
    expect(received).toHaveLength(1);
  });
});

describe.each(Object.entries(KINDS).flatMap(([name, { batch }]) => batch ? [[name, batch] as const] : []))('%s in batches', (name, batch) => {
  const ids = Array.from({ length: 10 }, (_, index) => `evt_${index}`);

  test('ten events of one tick are one call, in their order', async () => {
    const { send, received, arrived } = await target(name);
    expect(await Promise.all(ids.map((id) => send({ id })))).toEqual(ids.map(() => ({ outcome: 'delivered', status: 200 })));
    expect(received).toHaveLength(1);
    expect(arrived().map(({ id }) => id)).toEqual(ids);
  });

  test('row 39: an entry that fails is that event\'s failure only, though the answer is 200', async () => {
    const problems = { 3: batch.throttled, 7: { status: 200, code: 'AccessDeniedException' } };
    const { send } = await target(name, { answer: (request, _count, kind) => kind.taken(request, problems) });
    const results = await Promise.all(ids.map((id) => send({ id })));
    expect(results.map(({ outcome }) => outcome)).toEqual(ids.map((_, index) => index === 3 ? 'throttled' : index === 7 ? 'aws' : 'delivered'));
    expect(results.map(verdict).map(({ kind }) => kind)).toEqual(ids.map((_, index) => index === 3 || index === 7 ? 'retry' : 'delivered'));
  });

  test('an entry that the answer does not mention has failed', async () => {
    const { send } = await target(name, { answer: (_request, _count, kind) => ({ status: 200, body: kind === KINDS['topic'] ? '<PublishBatchResponse><PublishBatchResult/></PublishBatchResponse>' : '{}' }) });
    expect(await send()).toMatchObject({ outcome: 'aws', detail: expect.stringContaining('NoResult') });
  });

  test('a batch that is refused for what is in it is sent again one by one', async () => {
    const { send, received, kind } = await target(name, {
      answer: (request, count, service) => count === 1 || service.read(request)[0]!.id === 'evt_2' ? service.refused(service.content) : service.taken(request),
    });
    const results = await Promise.all(ids.slice(0, 4).map((id) => send({ id })));
    expect(results.map(({ outcome, permanent }) => permanent ? 'rejected' : outcome)).toEqual(['delivered', 'delivered', 'rejected', 'delivered']);
    expect(received.map((request) => kind.read(request).length)).toEqual([4, 1, 1, 1, 1]);
  });

  test('a batch that fails otherwise fails as a whole', async () => {
    const { send, received } = await target(name, answering(KINDS[name]!.denied));
    expect((await Promise.all(ids.map((id) => send({ id })))).map(({ outcome }) => outcome)).toEqual(ids.map(() => 'aws'));
    expect(received).toHaveLength(1);
  });

  test('one event\'s time does not end the call of the others', async () => {
    const time = new AbortController();
    let finish = (): void => undefined;
    const { send } = await target(name, { answer: (request, _count, kind) => { time.abort(); finish(); return kind.taken(request); } });
    const results = Promise.all([send({ signal: time.signal }), send({ id: 'evt_other' })]);
    await new Promise<void>((resolve) => { finish = resolve; });
    expect((await results).map(({ outcome }) => outcome)).toEqual(['timeout', 'delivered']);
  });
});
