import type { Lab } from './lab';
import type { Area } from './probe';

const GUIDE = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';
const INTEGRATION = `${GUIDE}/http-api-develop-integrations-lambda.html`;
const THROTTLING = `${GUIDE}/http-api-throttling.html`;
const QUOTAS = `${GUIDE}/http-api-quotas.html`;
const MIB = 1_048_576;

export const HTTP_API: Area = {
  name: 'HTTP API',
  probes: [
    {
      what: 'cookies of a request',
      aws: 'are the list `cookies`',
      page: INTEGRATION,
      look: async (lab) => {
        const { event } = await lab.echo({ cookie: 'a=1; b=2' });
        return JSON.stringify(event.cookies) === '["a=1","b=2"]' || (event.cookies === undefined ? 'are no list' : 'are another list');
      },
    },
    {
      what: "the event's `domainPrefix`",
      aws: "is the API's id",
      page: INTEGRATION,
      look: async (lab) => (await lab.echo()).event.requestContext.domainPrefix === lab.physicalId('Api') || 'is not',
    },
    {
      what: 'the headers `x-forwarded-for`, `x-forwarded-port` and `x-forwarded-proto`',
      aws: 'are added',
      page: INTEGRATION,
      look: async (lab) => {
        const { headers } = (await lab.echo()).event;
        const missing = ['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto'].filter((name) => headers[name] === undefined);
        return missing.length === 0 || (missing.length === 3 ? 'are not' : `are not all: ${missing.join(', ')}`);
      },
    },
    {
      what: 'a parameter that comes twice in the query',
      aws: 'is joined by a comma',
      page: INTEGRATION,
      look: async (lab) => (await lab.echo({}, '/echo?a=1&a=2')).event.queryStringParameters?.a === '1,2' || 'is not',
    },
    {
      what: 'a binary body',
      aws: 'comes in base64, byte for byte',
      page: INTEGRATION,
      look: async (lab) => {
        const body = Buffer.from([0, 255, 254, 128, 13, 10, 0]);
        const { event } = await lab.echo({ 'content-type': 'application/octet-stream' }, '/echo', body);
        return (event.isBase64Encoded && Buffer.from(event.body ?? '', 'base64').equals(body)) || 'is changed';
      },
    },
    {
      what: 'a body that is no UTF-8, called `application/json`',
      aws: 'is not documented',
      look: async (lab) => {
        const body = Buffer.from([0x22, 255, 0x22]);
        const { event } = await lab.echo({ 'content-type': 'application/json' }, '/echo', body);
        const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
        return bytes.equals(body) ? 'comes byte for byte' : 'is changed on its way';
      },
    },
    {
      what: 'a body of 11 MB',
      aws: 'is answered 413',
      page: QUOTAS,
      look: async (lab) => {
        const { status } = await lab.request('Api', '/echo', { 'content-type': 'text/plain' }, Buffer.alloc(11 * MIB, 'x'));
        return status === 413 || (status === 200 ? 'reaches the function' : `is answered ${status}`);
      },
    },
    {
      what: 'a path without a route',
      aws: 'is answered 404 with `{"message":"Not Found"}`',
      page: `${GUIDE}/http-api-develop-routes.html`,
      look: async (lab) => {
        const { status, body } = await lab.request('Api', '/nowhere', {}, Buffer.of());
        return (status === 404 && body === '{"message":"Not Found"}') || `is answered ${status} with \`${body}\``;
      },
    },
    {
      what: 'a function that throws',
      aws: 'is answered 500 with `{"message":"Internal Server Error"}`',
      page: INTEGRATION,
      look: async (lab) => {
        const { status, body } = await lab.request('Api', '/throw', {}, Buffer.of());
        if (status === 500 && body === '{"message":"Internal Server Error"}') return true;
        return `is answered ${status} with ${body.includes('thrown by a probe') ? "the error's message" : `\`${body}\``}`;
      },
    },
    { what: 'the throttle of a route', aws: 'answers 429 beyond it', page: THROTTLING, look: (lab) => isThrottled(lab, 'Api', '/limited') },
    { what: 'the throttle of a stage', aws: 'answers 429 beyond it', page: THROTTLING, look: (lab) => isThrottled(lab, 'SlowApi', '/echo') },
    {
      what: 'the access log of a stage',
      aws: 'has a line for each request',
      page: `${GUIDE}/http-api-logging.html`,
      look: async (lab) => {
        await lab.echo();
        return await lab.hasLogLine('AccessLog', ' 200') || 'stays empty';
      },
    },
  ],
};

/** One request a second and one more at once are allowed. */
async function isThrottled(lab: Lab, api: string, path: string): Promise<true | string> {
  const replies = await Promise.all(Array.from({ length: 10 }, () => lab.request(api, path, {}, Buffer.of())));
  return replies.some(({ status }) => status === 429) || 'is not applied';
}
