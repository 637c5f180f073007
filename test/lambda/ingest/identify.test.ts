import { createHash } from 'node:crypto';
import type { FieldLocation } from '../../../lib/contract/scheme';
import { SCHEMES } from '../../../lib/contract/schemes';
import { identify } from '../../../lambda/ingest/identify';
import { readRequest } from '../../../lambda/ingest/request';
import { apiEvent, githubPost, ingest } from '../support/ingest';

const FORM = /^evt_[a-z2-7]{26}$/;
const found = { signature: { candidates: [], part: (name: string) => name === 't' ? '5' : undefined }, fields: { jti: 'j1' } };

const identifyBy = (locations: FieldLocation[], body: string | Buffer, headers: { [name: string]: string } = {}, query = '') => {
  const scheme = { ...SCHEMES.github, id: locations, type: locations };
  const event = { ...apiEvent({ path: '/github', method: 'POST', headers, body }), rawQueryString: query };
  return identify('github', scheme, readRequest(event), found);
};

/** The definition, spelled out: the first 130 bits as five-bit digits. */
const expected = (source: string, id: string): string => {
  const bits = [...createHash('sha256').update(`${source}\0${id}`).digest()].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.slice(0, 130).match(/.{5}/g) ?? [];
  return `evt_${digits.map((digit) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(digit, 2)]).join('')}`;
};

describe('the id', () => {
  test('is made of the source and the provider id', async () => {
    const gateway = ingest();
    await gateway.post(githubPost());
    const [envelope] = gateway.envelopes();
    expect(envelope?.id).toBe(expected('github', '72d3162e-cc78-11e3-81ab-4c9367dc0958'));
    expect(envelope?.id).toMatch(FORM);
    expect(envelope?.providerId).toBe('72d3162e-cc78-11e3-81ab-4c9367dc0958');
  });

  test('row 15: is the same for the same event, and another for another source', () => {
    const { id } = identifyBy([{ json: '$.id' }], '{"id":"a"}');
    expect(identifyBy([{ json: '$.id' }], '{"id":"a","more":1}').id).toBe(id);
    expect(identify('other', { ...SCHEMES.github, id: [{ json: '$.id' }] }, readRequest(apiEvent({ ...githubPost(), body: '{"id":"a"}' })), found).id).not.toBe(id);
    expect(identifyBy([{ json: '$.id' }], '{"id":"b"}').id).not.toBe(id);
  });

  test('of a batch is that of all its items, and there is none where one has none', () => {
    const of = (body: string) => identifyBy([{ json: '$.events[*].id' }], body).providerId;
    expect(of('{"events":[{"id":"a"},{"id":2}]}')).toBe('a,2');
    expect(of('{"events":[{"id":"a"}]}')).toBe('a');
    expect(of('{"events":[{"id":"a"},{}]}')).toBeUndefined();
    expect(of('{"events":[]}')).toBeUndefined();
    expect(of('{"events":"abc"}')).toBeUndefined();
    expect(identifyBy([{ json: '$.a[*].b[*].id' }], '{"a":[{"b":[{"id":1},{"id":2}]},{"b":[{"id":3}]}]}').providerId).toBe('1,2,3');
    expect(identifyBy([{ json: '$.events[*].id' }, { json: '$.id' }], '{"events":[{}],"id":"whole"}').providerId).toBe('whole');
  });

  test('row 17: is random where the provider has none', () => {
    const ids = Array.from({ length: 100 }, () => identifyBy([{ json: '$.id' }], '{}').id);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(FORM);
  });

  test.each(['a.b', '../../etc', 'x'.repeat(10_000), '\u0000', '💥', ' '])('row 70: of the provider id %j has no trace of its characters', (id) => {
    const identity = identifyBy([{ json: '$.id' }], JSON.stringify({ id }));
    expect(identity.id).toMatch(FORM);
    expect(identity.providerId).toBe(id.length > 256 ? undefined : id);
  });
});

describe('the type', () => {
  test.each<[string, FieldLocation[], string, string | null]>([
    ['a header', [{ header: 'x-type' }], '', 'push'],
    ['a query parameter', [{ query: 'type' }], '', 'a b'],
    ['a form field', [{ form: 'type' }], 'type=x%20y', 'x y'],
    ['a part of the signature header', [{ signature: 't' }], '', '5'],
    ['a JSON property', [{ json: '$.type' }], '{"type":"order.created"}', 'order.created'],
    ['a nested one', [{ json: '$.data.event.type' }], '{"data":{"event":{"type":"x"}}}', 'x'],
    ['the first of the items of a list', [{ json: '$.events[*].type' }], '{"events":[{"type":"a"},{"type":"b"}]}', 'a'],
    ['the first item of the body', [{ json: '$[*].type' }], '[{"type":"a"},{"type":"b"}]', 'a'],
    ['a member of JSON in a form', [{ formJson: { field: 'payload', path: '$.type' } }], 'x=1&payload=%7B%22type%22%3A%22click%22%7D', 'click'],
    ['the name of a member', [{ memberOf: ['message', 'poll'] }], '{"update_id":1,"poll":{},"message":{}}', 'poll'],
    ['what the module of a scheme found', [{ verified: 'jti' }], '{}', 'j1'],
    ['several places, joined', [{ all: [{ json: '$.a' }, { json: '$.b' }] }], '{"a":"x","b":"y"}', 'x,y'],
    ['none: one of several places is not there', [{ all: [{ json: '$.a' }, { json: '$.b' }] }], '{"a":"x"}', null],
    ['none: an item of what is no list', [{ json: '$.events[*].type' }], '{"events":{"type":"a"}}', null],
    ['none: an item of no items', [{ json: '$.events[*].type' }], '{"events":[]}', null],
    ['none: JSON in a form that is none', [{ formJson: { field: 'payload', path: '$.type' } }], 'payload=%7B', null],
    ['none: no member of the list', [{ memberOf: ['message', '__proto__'] }], '{"update_id":1}', null],
    ['none: a module found nothing of the name', [{ verified: 'toString' }], '{}', null],
    ['an item of a list', [{ json: '$.events[1].type' }], '{"events":[{"type":"a"},{"type":"b"}]}', 'b'],
    ['a property in quotes', [{ json: "$['a.b'].c" }], '{"a.b":{"c":"d"}}', 'd'],
    ['a number', [{ json: '$.type' }], '{"type":3}', '3'],
    ['the first that is there', [{ header: 'x-none' }, { json: '$.kind' }, { json: '$.type' }], '{"type":"t","kind":"k"}', 'k'],
    ['the next where the first is empty', [{ json: '$.kind' }, { json: '$.type' }], '{"type":"t","kind":""}', 't'],
    ['none: not there', [{ json: '$.type' }], '{}', null],
    ['none: an object', [{ json: '$.type' }], '{"type":{}}', null],
    ['none: a boolean', [{ json: '$.type' }], '{"type":true}', null],
    ['none: null on the way', [{ json: '$.a.b' }], '{"a":null}', null],
    ['none: inherited', [{ json: '$.constructor.name' }], '{}', null],
    ['none: a number with lost digits', [{ json: '$.type' }], '{"type":9007199254740993}', null],
    ['none: longer than a name', [{ json: '$.type' }], `{"type":"${'x'.repeat(257)}"}`, null],
    ['none: not JSON', [{ json: '$.type' }], 'type', null],
    ['none: a path that is none', [{ json: '$..type' }], '{"type":"x"}', null],
  ])('%s', (_what, locations, body, type) => {
    expect(identifyBy(locations, body, { 'x-type': 'push' }, 'type=a+b').type).toBe(type);
  });

  test('none: invalid UTF-8', () => {
    expect(identifyBy([{ json: '$.type' }], Buffer.from([...Buffer.from('{"type":"'), 0xff, ...Buffer.from('"}')])).type).toBeNull();
  });
});
