import { hostAllowed } from '../../../local/http-api/host-check';
import { checkRoute, findRoute, routeKey, type HttpApiRoute } from '../../../local/http-api/routes';
import { TokenBucket } from '../../../local/http-api/throttle';

describe('the Host header', () => {
  test.each(['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST:3000', '[::1]:3000'])('%s is allowed', (host) => {
    expect(hostAllowed(host, 3000)).toBe(true);
  });

  test.each([
    undefined, '', '127.0.0.1', 'localhost', '127.0.0.1:3001', 'localhost:30000', 'example.com:3000', 'localhost.example.com:3000', 'example.com',
    '127.0.0.1:3000.example.com', '127.0.0.2:3000', '::1:3000', '0.0.0.0:3000', ' localhost:3000', 'user@localhost:3000', 'localhost:3000,localhost:3000',
  ])('%j is not', (host) => {
    expect(hostAllowed(host, 3000)).toBe(false);
  });

  test('needs no port where HTTP needs none', () => {
    expect(hostAllowed('localhost', 80)).toBe(true);
    expect(hostAllowed('localhost:80', 80)).toBe(true);
  });
});

describe('routes', () => {
  const route = (key: string): HttpApiRoute => {
    const [method = '', path = ''] = key.split(' ');
    return { method, path, function: { invoke: async () => ({ outcome: 'closed' }) } };
  };
  const routes = ['ANY /github', 'ANY /stripe', 'POST /stripe', 'GET /only', 'ANY /'].map(route);
  const found = (method: string, path: string): string | undefined => {
    const match = findRoute(routes, method, path);
    return match && routeKey(match);
  };

  test.each([
    ['GET', '/github', 'ANY /github'],
    ['POST', '/stripe', 'POST /stripe'],
    ['PUT', '/stripe', 'ANY /stripe'],
    ['GET', '/only', 'GET /only'],
    ['GET', '/', 'ANY /'],
  ])('%s %s is %s', (method, path, key) => {
    expect(found(method, path)).toBe(key);
  });

  test.each([
    ['POST', '/only'], ['GET', '/github/'], ['GET', '/GitHub'], ['GET', '/github/x'], ['GET', '//github'], ['GET', 'github'], ['GET', ''], ['GET', '/githu'], ['get', '/only'],
  ])('%s %s is none', (method, path) => {
    expect(found(method, path)).toBeUndefined();
  });

  test.each(['ANY /{proxy+}', 'GET /users/{id}', 'ANY $default', 'ANY github'])('%s is refused', (key) => {
    expect(() => checkRoute(route(key))).toThrow(`route ${JSON.stringify(key)} cannot run locally`);
  });
});

describe('a throttle', () => {
  test('gives the burst at once, and then the rate', () => {
    const bucket = new TokenBucket(2, 3, 0);
    const take = (now: number): boolean => bucket.take(now);
    expect([0, 0, 0, 0].map(take)).toEqual([true, true, true, false]);
    expect([499, 500, 500, 999, 1000].map(take)).toEqual([false, true, false, false, true]);
  });

  test('never holds more than the burst', () => {
    const bucket = new TokenBucket(100, 2, 0);
    expect([60_000, 60_000, 60_000].map((now) => bucket.take(now))).toEqual([true, true, false]);
  });
});
