import { compileTemplate, TemplateError } from '../../../../lambda/deliver/transform/template';
import { templateTransform } from '../../../../lambda/deliver/transform/from-template';
import { BODY, contentWith, transformed } from './content';

const input = {
  body: JSON.parse(BODY) as unknown,
  headers: { 'x-shop': 'one' },
  metadata: { id: 'evt_1', source: 'shop', type: null, time: '2026-01-02T03:04:05.000Z' },
};

describe('a template', () => {
  test.each<[unknown, unknown]>([
    ['$.body.order.id', 7],
    ['$.body.order', { id: 7, total: 12.5, lines: [{ sku: 'a' }, { sku: 'b' }], note: null }],
    ['$.body', input.body],
    ['$.body.order.lines[1].sku', 'b'],
    ["$.body['order']['id']", 7],
    ['$.body.order.note', null],
    ['$.headers.x-shop', 'one'],
    ['$.metadata.id', 'evt_1'],
    ['$.metadata.type', null],
    ['Order {$.body.order.id} of {$.headers.x-shop}', 'Order 7 of one'],
    ['{$.body.order.id}', '7'],
    ['{$.body.order.lines}', '[{"sku":"a"},{"sku":"b"}]'],
    ['{$.body.order.note}', 'null'],
    ['[{$.body.none}]', '[]'],
    ['{"a": {x}} $body $', '{"a": {x}} $body $'],
    ['$$.body', '$.body'],
    ['a {$$.body} {$.metadata.id}', 'a {$.body} evt_1'],
    [{ a: '$.body.order.id', b: [1, true, null, '$.body.text'], c: { d: 'x' } }, { a: 7, b: [1, true, null, 'h\u00e9'], c: { d: 'x' } }],
    [{ a: '$.body.none', b: '$.body.order.id.deeper', c: '$.body.order.lines[2]', d: '$.headers.none', e: 1 }, { e: 1 }],
    [['$.body.none', 1], [null, 1]],
    [{ '$.body': 1 }, { '$.body': 1 }],
    [7, 7],
    [{}, {}],
  ])('%j becomes %j', (template, expected) => {
    expect(compileTemplate(template)(input)).toEqual(expected);
  });

  test('reaches nothing that is not in the event', () => {
    const places = ['$.body.constructor', '$.body.__proto__', '$.body.order.lines.map', '$.headers.constructor', '$.body.text.length'];
    expect(compileTemplate(Object.fromEntries(places.map((place, index) => [index, place])))(input)).toEqual({});
  });

  test('makes a plain member of __proto__', () => {
    const filled = compileTemplate(JSON.parse('{"__proto__":"$.body.order.id"}'))(input);
    expect(JSON.stringify(filled)).toBe('{"__proto__":7}');
  });

  test('asks for the body only where it has a place in it', () => {
    const noBody = { ...input, get body(): unknown { throw new Error('no body'); } };
    expect(compileTemplate({ a: '$.metadata.id', b: 'for {$.headers.x-shop}' })(noBody)).toEqual({ a: 'evt_1', b: 'for one' });
    expect(() => compileTemplate('{$.body.a}')(noBody)).toThrow('no body');
  });

  const nested = (levels: number): unknown => levels === 0 ? 1 : { a: nested(levels - 1) };

  test('may be 32 levels deep', () => {
    expect(compileTemplate(nested(32))(input)).toEqual(nested(32));
  });

  test.each<[unknown, string]>([
    [nested(33), `template${'.a'.repeat(33)} is more than 32 levels deep`],
    ['$.', 'template has the place "$.", which cannot be read after "$": write e.g. "$.body.order.id"'],
    [{ a: ['$.body..id'] }, 'template.a[0] has the place "$.body..id", which cannot be read after "$.body"'],
    ['$.body.a b', 'which cannot be read after "$.body.a": write'],
    ['$.50 off', 'or begin with "$$." for the text itself'],
    ['$.data.id', 'template has the place "$.data.id", which begins with none of body, headers and metadata'],
    ['$.metadata.name', 'which is none of id, source, type, time, providerId of metadata'],
    ['$.metadata', 'which is none of id, source, type, time, providerId of metadata'],
    ['$.headers.X-Shop', 'which has no header\'s name in lower case'],
    ['$.headers', 'which has no header\'s name in lower case'],
    ['Order {$.order.id}', 'template has the place "$.order.id", which begins with none'],
    ['Order {$.}', 'template has the place "$.", which cannot be read after "$"'],
    ['Order {$.body.id', 'template has a "{$." that does not end in "Order {$.body.id": write "}" after the place, or "{$$." for the text itself'],
  ])('%j is refused', (template, message) => {
    expect(() => compileTemplate(template)).toThrow(TemplateError);
    expect(() => compileTemplate(template)).toThrow(message);
  });
});

describe('a transform by template', () => {
  const { headers: { 'content-encoding': _encoding, ...headers }, ...content } = contentWith();

  test('sends the filled template as JSON, whatever the body was', async () => {
    const from = contentWith({ headers: { 'content-type': 'text/plain', 'content-encoding': 'identity', 'x-shop': 'one' } });
    expect(await transformed(templateTransform({ order: '$.body.order.id', of: '$.metadata.providerId', note: 'from {$.headers.x-shop}' }), from))
      .toEqual({ ...content, headers, body: '{"order":7,"of":"o-7","note":"from one"}' });
  });

  test('of a body that is not JSON fails only where it needs the body', async () => {
    const form = contentWith({ body: 'a=1' });
    expect(await transformed(templateTransform({ a: '$.body.a' }), form)).toEqual({ kind: 'failed', detail: 'the template could not be filled: Error: the body is not JSON' });
    expect(await transformed(templateTransform({ a: '$.metadata.id' }), form)).toMatchObject({ body: '{"a":"evt_abcdefghijklmnopqrstuvwxyz"}' });
  });

  test('that has nothing to send fails', async () => {
    expect(await transformed(templateTransform('$.body.none'))).toEqual({ kind: 'failed', detail: 'the template is one place, and the event has nothing there' });
  });

  test('that cannot be compiled fails every event, and the function starts', async () => {
    expect(await transformed(templateTransform('$.data'))).toEqual({ kind: 'failed', detail: expect.stringContaining('TemplateError: template has the place "$.data"') });
  });
});
