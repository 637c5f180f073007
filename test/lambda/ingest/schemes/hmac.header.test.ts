import { firstValid, hook0Case, isValid, judge, NOW, sign, type Case } from './support.hmac';

const change = (given: Case, headers: { readonly [name: string]: string | undefined }): Case =>
  ({ ...given, headers: { ...given.headers, ...headers } as { [name: string]: string } });

describe('box', () => {
  const send = (secret: string, time = new Date(NOW * 1_000).toISOString()): Case => ({
    scheme: 'box', secrets: [secret], body: '{}',
    headers: {
      'box-signature-version': '1', 'box-signature-algorithm': 'HmacSHA256', 'box-delivery-timestamp': time,
      'box-signature-primary': sign('sha256', 'one', `{}${time}`, 'base64'), 'box-signature-secondary': sign('sha256', 'two', `{}${time}`, 'base64'),
    },
  });

  test.each(['one', '{"primary":"one"}', '{"secondary":"two"}', '{"primary":"no","secondary":"two"}', '{"primary":"one","secondary":"no"}'])(
    'takes %s', async (secret) => expect(await isValid(send(secret))).toBe(true));

  test.each(['two', '{"primary":"two"}', '{"secondary":"one"}', '{"primary":"two","secondary":"one"}'])(
    'refuses %s', async (secret) => expect(await isValid(send(secret))).toBe(false));

  test.each<[string, { [name: string]: string }]>([
    ['no version', { 'box-signature-version': '' }],
    ['another algorithm', { 'box-signature-algorithm': 'HmacSHA1' }],
    ['a signature twice', { 'box-signature-primary': 'a,b' }],
    ['the other signature twice', { 'box-signature-secondary': `${sign('sha256', 'two', '', 'base64')},x` }],
    ['no time', { 'box-delivery-timestamp': '' }],
    ['a time without a zone', { 'box-delivery-timestamp': '2026-01-02T03:04:05' }],
    ['a time twice', { 'box-delivery-timestamp': '2026-01-02T03:04:05Z,2026-01-02T03:04:05Z' }],
  ])('refuses %s', async (_, headers) => expect(await isValid(change(send('one'), headers))).toBe(false));

  test.each([[600, true], [601, false], [-600, true], [-601, false]])('a time %i s old: %s', async (age, valid) => {
    expect(await isValid(send('one', new Date((NOW - age) * 1_000).toISOString()))).toBe(valid);
  });
});

describe('docusign', () => {
  const right = sign('sha256', 'key', '{}', 'base64');
  const wrong = sign('sha256', 'other', '{}', 'base64');
  const send = (headers: { [name: string]: string }): Case => ({ scheme: 'docusign', secrets: ['key'], body: '{}', headers });

  test('looks at all hundred keys of an account', async () => {
    const others = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`X-DocuSign-Signature-${index + 1}`, wrong]));
    expect(await isValid(send(others))).toBe(false);
    expect(await isValid(send({ ...others, 'X-DocuSign-Signature-100': right }))).toBe(true);
  });

  test.each(['0', '01', '101', '1000', '', '1x'])('reads no header numbered %j', async (number) => {
    expect(await isValid(send({ [`x-docusign-signature-${number}`]: right }))).toBe(false);
  });

  test('refuses a header that came twice, beside a right one', async () => {
    expect(await isValid(send({ 'x-docusign-signature-1': right, 'x-docusign-signature-2': `${wrong},${right}` }))).toBe(false);
  });
});

describe('pusher', () => {
  test.each(['', '000', '123456789,123456789', ' 123456789'])('refuses the token %j', async (token) => {
    expect(await isValid(change(firstValid('pusher'), { 'X-Pusher-Key': token }))).toBe(false);
  });

  test('takes the secret of the token that is named, among several', async () => {
    const given = firstValid('pusher');
    expect(await isValid({ ...given, secrets: ['other:tofu', ...given.secrets] })).toBe(true);
    expect(await isValid({ ...given, secrets: ['other:tofu', '123456789:other'] })).toBe(false);
  });

  test('takes a secret with colons', async () => {
    const headers = { 'x-pusher-key': 'id', 'x-pusher-signature': sign('sha256', 'a:b:', '{}', 'hex') };
    expect(await isValid({ scheme: 'pusher', secrets: ['id:a:b:'], body: '{}', headers })).toBe(true);
  });
});

describe('hook0', () => {
  const HEADER = 'X-Hook0-Signature';
  const header = (given: Case) => given.headers?.[HEADER] as string;
  const edit = (given: Case, from: RegExp, to: string): Case => change(given, { [HEADER]: header(given).replace(from, to) });

  test.each<[string, Case]>([
    ['signed headers', hook0Case()],
    ['none', hook0Case({ h: '' })],
    ['an empty body', hook0Case({ body: '' })],
    ['spaces after commas', edit(hook0Case(), /,/g, ', ')],
    ['v1 alone', edit(hook0Case(), /v0=[^,]*,/, '')],
    ['a part that is not known', edit(hook0Case(), /^/, 'v9=x,')],
    ['the edge of the window', hook0Case({ t: String(NOW - 300) })],
    ['the edge of the window, in the future', hook0Case({ t: String(NOW + 300) })],
  ])('takes %s', async (_, given) => expect(await isValid(given)).toBe(true));

  test.each<[string, Case]>([
    ['no header', change(hook0Case(), { [HEADER]: undefined })],
    ['v0 alone', edit(hook0Case(), /,h=.*$/, '')],
    ['v0 in the place of v1', edit(hook0Case(), /v0=([^,]*),.*$/, 'v1=$1')],
    ['a signed header changed', change(hook0Case(), { 'x-event-type': 'other' })],
    ['a signed header taken away', change(hook0Case(), { 'x-event-type': undefined })],
    ['a shorter list', edit(hook0Case(), / x-event-type/, '')],
    ['another time', edit(hook0Case(), /t=\d+/, `t=${NOW + 1}`)],
    ['no time', edit(hook0Case(), /t=\d+,/, '')],
    ['a part twice', edit(hook0Case(), /$/, ',v1=x')],
    ['two headers', change(hook0Case(), { [HEADER]: `${header(hook0Case())},${header(hook0Case())}` })],
    ['the name of something inherited', edit(hook0Case(), /h=[^,]*/, 'h=constructor')],
    ['65 signed headers', hook0Case({ h: Array(65).fill('x-event-type').join(' ') })],
    ['a signature in upper case', edit(hook0Case(), /v1=.*$/, `${/v1=.*$/.exec(header(hook0Case()))?.[0].slice(3).toUpperCase()}`)],
  ])('refuses %s', async (_, given) => expect(await judge(given)).toMatchObject({ valid: false }));

  test.each([-301, 301])('refuses a time %i s off', async (off) => {
    expect(await judge(hook0Case({ t: String(NOW + off) }))).toMatchObject({ valid: false, reason: 'timestamp' });
  });

  test('takes v0 where the source says so, and never in the place of a v1 that is wrong', async () => {
    const settings = { acceptV0: true };
    const alone = edit(hook0Case(), /,h=.*$/, '');
    expect(await isValid({ ...alone, settings })).toBe(true);
    expect(await isValid({ ...hook0Case(), settings })).toBe(true);
    expect(await isValid({ ...alone, settings, body: '{"a":2}' })).toBe(false);
    expect(await isValid({ ...edit(hook0Case(), /v1=./, 'v1=z'), settings })).toBe(false);
  });
});
