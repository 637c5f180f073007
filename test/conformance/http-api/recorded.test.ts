import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { ManualClock } from '../../../local/clock';
import { requestTarget, type HttpApiEvent } from '../../../local/http-api/event';
import type { RouteResult } from '../../../local/http-api/routes';
import { call, callRaw, closeApis, json, newApi, returning } from '../../local/http-api/support';
import { LOCAL_FIELDS, RANDOM_FIELDS, REASONS, type Reason } from './differences';

interface Recording {
  readonly origin: { readonly repository: string; readonly commit: string; readonly path: string; readonly licence: string };
  readonly request: {
    readonly method: string;
    readonly target: string;
    /** As lines, in the order and the case in which such a client sends them. */
    readonly headers: readonly string[];
    readonly body?: string;
    /** Default: ANY and the path of the event, since local routes are literal. */
    readonly route?: string;
  };
  readonly unlike: { readonly [field: string]: Reason };
  /** The names in the event were sorted, or taken out of a language's dictionary, by what wrote it down. */
  readonly reordered?: true;
  readonly event: HttpApiEvent;
}

const folder = path.join(__dirname, 'recorded');
const read = <T>(file: string): T => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as T;
const recordings = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'paths.json')
  .map((file) => [file, read<Recording>(file)] as const);

afterEach(closeApis);

describe.each(recordings)('%s', (_file, { origin, request, unlike, reordered, event }) => {
  test('comes out of a local API, field by field', async () => {
    const { port, local } = await send(request, event);
    const recorded = fields(event);
    const ours = fields(local);
    const compared = (values: Map<string, unknown>): [string, unknown][] => [...values]
      .filter(([field]) => !covers(unlike, field) && !(field in LOCAL_FIELDS) && !(field in RANDOM_FIELDS)).sort();
    expect(compared(ours)).toEqual(compared(recorded));
    for (const [field, { local: value }] of Object.entries(LOCAL_FIELDS)) expect([field, ours.get(field)]).toEqual([field, value(port)]);
    for (const [field, form] of Object.entries(RANDOM_FIELDS)) {
      expect([field, ours.get(field)]).toEqual([field, expect.stringMatching(form(event.requestContext.timeEpoch))]);
    }
    // An exception that is none any more is a mistake, too.
    for (const field of Object.keys(unlike)) expect([field, at(local, field)]).not.toEqual([field, at(event, field)]);
    if (!reordered) expect(order(local, event)).toEqual(order(event, local));
  });

  test('says where it comes from', () => {
    expect(origin).toEqual({
      repository: expect.stringMatching(/^[\w.-]+\/[\w.-]+$/), commit: expect.stringMatching(/^[0-9a-f]{40}$/), path: expect.any(String),
      licence: expect.stringMatching(/^(Apache-2\.0|MIT|MIT-0)$/),
    });
    for (const reason of Object.values(unlike)) expect(REASONS).toHaveProperty(reason);
  });
});

describe('a path', () => {
  const { paths } = read<{ paths: { sent: string; rawPath?: string; status?: number }[] }>('paths.json');

  test.each(paths.filter(({ rawPath }) => rawPath !== undefined))('$sent arrives as $rawPath', ({ sent, rawPath }) => {
    const query = 'value=a%3Fb%25c%23d';
    expect(requestTarget({ url: `${sent}?${query}` } as IncomingMessage)).toEqual({ path: rawPath, query });
  });

  test.each(paths.filter(({ status }) => status !== undefined))('$sent is refused with $status', async ({ sent, status }) => {
    const { port, events } = await newApi();
    const reply = await call(port, { path: sent });
    expect([reply.status, json(reply), events]).toEqual([status, { message: 'Bad Request' }, []]);
  });
});

/** Sends the request over a socket to an API of the recorded ids, at the recorded time. */
async function send({ method, target, headers, body = '', route }: Recording['request'], { rawPath, requestContext }: HttpApiEvent):
    Promise<{ port: number; local: HttpApiEvent }> {
  const events: HttpApiEvent[] = [];
  const invoke = async (event: unknown): Promise<RouteResult> => {
    events.push(event as HttpApiEvent);
    return returning({ statusCode: 200 });
  };
  const [routeMethod = '', routePath = ''] = route?.split(' ') ?? ['ANY', rawPath];
  const { port } = await newApi(undefined, {
    id: requestContext.apiId, account: requestContext.accountId, clock: new ManualClock(requestContext.timeEpoch),
    routes: [{ method: routeMethod, path: routePath, function: { invoke } }],
  });
  const head = headers.filter((line) => !/^Connection:/i.test(line)).map((line) => line.replace(/^Host:.*/i, `Host: 127.0.0.1:${port}`));
  const bytes = Buffer.from(body);
  const length = bytes.length > 0 ? [`Content-Length: ${bytes.length}`] : [];
  await callRaw(port, [`${method} ${target} HTTP/1.1`, ...head, ...length, 'Connection: close', '', bytes.toString('latin1')].join('\r\n'));
  expect(events).toHaveLength(1);
  return { port, local: events[0] as HttpApiEvent };
}

/** Every value in an event by its place; lists are values. */
function fields(value: unknown, place = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map([[place, value]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...fields(inner, place === '' ? name : `${place}.${name}`)]));
}

function covers(unlike: Recording['unlike'], field: string): boolean {
  return Object.keys(unlike).some((place) => field === place || field.startsWith(`${place}.`));
}

function at(event: unknown, place: string): unknown {
  return place.split('.').reduce<unknown>((value, name) => (value as { [name: string]: unknown } | undefined)?.[name], event);
}

/** The order of the names that both have. */
function order(event: HttpApiEvent, other: HttpApiEvent): string[] {
  const common = new Set(fields(other).keys());
  return [...fields(event).keys()].filter((field) => common.has(field));
}
