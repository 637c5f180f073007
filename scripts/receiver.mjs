// A receiver for trying things out: takes every event, and says whether its signature is right.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * Starts the receiver on loopback. `secrets()` are the signing secrets that may be in use, `onEvent` is told of each arrival.
 * A receiver of your own uses a Standard Webhooks library, which checks the timestamp too; this one cannot, as the clock of a local run may be
 * days ahead.
 */
export async function startReceiver({ secrets, onEvent }) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const valid = secrets().some((secret) => isSigned(secret, request.headers, body));
    response.writeHead(valid ? 204 : 401).end();
    onEvent({ id: request.headers['webhook-id'], bytes: body.length, valid });
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#symmetric-signatures */
function isSigned(secret, headers, body) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
  const expected = createHmac('sha256', key).update(signed).digest();
  return String(headers['webhook-signature']).split(' ').some((part) => {
    const given = Buffer.from(part.replace(/^v1,/, ''), 'base64');
    return part.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
