import { Aws, Lazy } from 'aws-cdk-lib';
import { WebhookTarget } from '../../../lib';
import { gateway, resource, template, valid } from '../fixture';

const add = (url: string, local = false) => () => gateway(valid(), local ? { 'cdk-webhooks:local': true } : {}).addTarget('extra', WebhookTarget.http(url));

test.each([
  'https://billing.example.com', 'https://billing.example.com/hooks?tenant=1', 'https://billing.example.com:8443/', 'https://BILLING.example.com',
  'https://8.8.8.8/', 'https://172.32.0.1/', 'https://100.128.0.1/', 'https://[2606:4700::1111]/', 'https://[2a00:1450:4001:81b::200e]/',
  'https://xn--bcher-kva.example/', 'https://10.example.com', 'https://localhost.example.com',
])('takes %s', (url) => {
  expect(add(url)).not.toThrow();
});

test.each([
  ['billing.example.com/hooks', '"billing.example.com/hooks" is not an absolute URL: write e.g. "https://billing.example.com/hooks"'],
  ['/hooks?token=s3cret', '"/hooks" is not an absolute URL'],
  ['', '"" is not an absolute URL'],
  ['https://', '"https://" is not an absolute URL'],
  ['ftp://user:s3cret@billing.example.com/', '"ftp://billing.example.com/" has the scheme "ftp:": an HTTP target takes https'],
])('fails in the factory when the URL is %j', (url, message) => {
  expect(() => WebhookTarget.http(url)).toThrow(message);
});

const LOCAL_ONLY: [url: string, message: string][] = [
  ['http://billing.example.com/', 'target URL "http://billing.example.com/" is not https'],
  ['https://localhost/', 'has a host without a dot'],
  ['https://billing/', 'has a host without a dot'],
  ['https://billing.example.com./', 'has a host that ends with a dot'],
  ['https://app.localhost/', 'has a host that means this machine'],
  ...[
    '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255',
    '192.0.0.1', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255',
    '168.63.129.16', '１２７.0.0.1', '[::]', '[::1]', '[::ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[100::1]', '[2001::1]', '[2001:1ff::1]',
    '[2001:db8::1]', '[2002:7f00:1::]', '[3fff::1]', '[fc00::1]', '[fd00:ec2::254]', '[fe80::1]', '[fec0::1]', '[ff02::1]', '[5f00::1]',
  ].map((host): [string, string] => [`https://${host}/`, 'has an address that is not public']),
];

test.each(LOCAL_ONLY)('fails when the URL is %s', (url, message) => {
  expect(add(url)).toThrow(message);
});

test.each(LOCAL_ONLY)('a local run takes %s', (url) => {
  expect(add(url, true)).not.toThrow();
});

test.each([
  ['https://10.1.2.3/', ['10.0.0.0/8']],
  ['https://0x0a010203/', ['10.1.2.3/32']],
  ['https://[fd12::1]/', ['10.0.0.0/8', 'fd12::/16']],
])('takes %s in the networks %j', (url, allowedPrivateCidrs) => {
  const networks = { allowedPrivateCidrs };
  expect(() => gateway().addTarget('extra', WebhookTarget.http(url, networks))).not.toThrow();
});

test.each([
  ['https://11.1.2.3.example.com./', ['10.0.0.0/8'], 'has a host that ends with a dot'],
  ['https://172.16.0.1/', ['10.0.0.0/8'], 'has an address that is not public'],
  ['https://[::ffff:10.1.2.3]/', ['10.0.0.0/8'], 'has an address that is not public'],
  ['http://10.1.2.3/', ['10.0.0.0/8'], 'is not https'],
  ['https://127.0.0.1/', ['10.0.0.0/8'], 'has an address that is not public'],
])('fails when the URL is %s, with the networks %j', (url, allowedPrivateCidrs, message) => {
  expect(() => gateway().addTarget('extra', WebhookTarget.http(url, { allowedPrivateCidrs }))).toThrow(message);
});

test.each([false, true])('fails when the URL has a password, and does not repeat it (local: %s)', (local) => {
  expect(add('https://user:s3cret@billing.example.com/', local)).toThrow('the URL of host "billing.example.com" has a user name or password before the host');
  expect(add('https://user:s3cret@billing.example.com/', local)).not.toThrow('s3cret');
});

test('a message does not repeat the query', () => {
  expect(add('http://billing.example.com/hooks?token=s3cret')).not.toThrow('s3cret');
});

test.each([Lazy.string({ produce: () => 'http://localhost' }), `https://${Aws.ACCOUNT_ID}.example.com`])('a URL that only the deployment knows is let through', (url) => {
  expect(add(url)).not.toThrow();
});

test.each([
  `${Aws.URL_SUFFIX}/hooks`, `http${Aws.URL_SUFFIX}`, `https://${Aws.ACCOUNT_ID}/`, `https://a.example.com:${Aws.ACCOUNT_ID}/`, `https://a.example.com/${Aws.REGION}?a=${Aws.REGION}`,
  `https://[${Aws.ACCOUNT_ID}]/`, `https://a.${Aws.REGION}.1/`,
])('takes %s, of which the deployment knows a part', (url) => {
  expect(add(url)).not.toThrow();
});

test.each([
  [`http://${Aws.ACCOUNT_ID}.example.com/h`, 'target URL "http://<token>.example.com/h" is not https'],
  [`https://user:s3cret@${Aws.ACCOUNT_ID}.example.com/h`, 'the URL of host "<token>.example.com" has a user name or password before the host'],
  [`https://user:${Aws.ACCOUNT_ID}@a.example.com/h`, 'the URL of host "a.example.com" has a user name or password before the host'],
  [`https://169.254.169.254/${Aws.ACCOUNT_ID}`, 'target URL "https://169.254.169.254/<token>" has an address that is not public'],
  [`https://127.0.0.1:${Aws.ACCOUNT_ID}/h`, 'target URL "https://127.0.0.1/h" has an address that is not public'],
  [`https://${Aws.ACCOUNT_ID}.localhost/`, 'has a host that means this machine'],
  [`ftp://a.example.com/${Aws.ACCOUNT_ID}`, '"ftp://a.example.com/<token>" has the scheme "ftp:"'],
  [`a.example.com/${Aws.ACCOUNT_ID}?key=s3cret`, '"a.example.com/<token>" is not an absolute URL'],
])('what is written of %s is judged', (url, message) => {
  expect(add(url)).toThrow(message);
  expect(add(url)).not.toThrow('s3cret');
});

test('a local run takes http to this machine also where the deployment knows a part', () => {
  expect(add(`http://127.0.0.1/${Aws.ACCOUNT_ID}`, true)).not.toThrow();
});

test.each([
  ['https://*.example.com/', '"https://*.example.com/" has a host that is no name'],
  ['https://a.example.com:0/', '"https://a.example.com:0/" has the port 0'],
])('fails in the factory when the URL is %s, which leads nowhere', (url, message) => {
  expect(() => WebhookTarget.http(url)).toThrow(message);
});

test('fails when the URL is longer than an environment, and says what to do', () => {
  const targets = { billing: WebhookTarget.http(`https://billing.example.com/${'a'.repeat(5000)}`) };
  expect(() => template({ ...valid(), targets })).toThrow(/takes about 5\d{3} bytes and may take 4096: .*; shorten what the target sets/);
});

test('the URL is in the environment as it was given, not in the asset', () => {
  const targets = { billing: WebhookTarget.http('https://billing.example.com/hooks?tenant=1') };
  const { properties } = resource(template({ ...valid(), targets }), 'AWS::Lambda::Function', 'GatewayTargets');
  expect(properties.Environment.Variables.TARGET_URL).toBe('https://billing.example.com/hooks?tenant=1');
  const other = { billing: WebhookTarget.http('https://other.example.com/') };
  expect(resource(template({ ...valid(), targets: other }), 'AWS::Lambda::Function', 'GatewayTargets').properties.Code.S3Key).toBe(properties.Code.S3Key);
});
