// In place of the native addon of aws-lambda-ric, which only a machine with a C++ compiler can build: the same three functions with
// the same behaviour (src/native/rapid-client.cc and aws-lambda-cpp in the package). `done` and `error` block the process until the
// result has been taken, as libcurl does there, so that a function which exits right after its invocation behaves as on AWS; that
// is why they write to a socket's descriptor and not through node:http. Loaded before the client, which asks for its addon by `require`.
'use strict';
const { readSync, writeSync } = require('node:fs');
const { Agent, get } = require('node:http');
const Module = require('node:module');
const net = require('node:net');

const endpoint = process.env.AWS_LAMBDA_RUNTIME_API;
const [host, port] = endpoint.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Connected and never read by Node.js: the descriptor belongs to `post`. */
let socket;

async function next() {
  socket = await connect();
  const { headers, text } = await fetchNext();
  return { bodyJson: text, headers: nativeHeaders(headers) };
}

function connect() {
  return new Promise((resolve, reject) => {
    const connecting = net.connect({ host, port: Number(port) }, () => resolve(connecting));
    connecting.pause().unref().once('error', reject);
  });
}

function fetchNext() {
  return new Promise((resolve, reject) => {
    get({ host, port, agent, path: '/2018-06-01/runtime/invocation/next' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk)).on('end', () => resolve({ headers: response.headers, text }));
    }).on('error', reject);
  });
}

/** The addon hands on these and no others; an absent trace id is an empty text. */
function nativeHeaders(headers) {
  const optional = ['lambda-runtime-client-context', 'lambda-runtime-cognito-identity', 'lambda-runtime-aws-tenant-id'].filter((name) => headers[name]);
  return {
    'lambda-runtime-deadline-ms': Number(headers['lambda-runtime-deadline-ms']),
    'lambda-runtime-aws-request-id': headers['lambda-runtime-aws-request-id'],
    'lambda-runtime-trace-id': headers['lambda-runtime-trace-id'] ?? '',
    'lambda-runtime-invoked-function-arn': headers['lambda-runtime-invoked-function-arn'],
    ...Object.fromEntries(optional.map((name) => [name, headers[name]])),
  };
}

/** An answer other than 2xx is logged by the addon and otherwise ignored; here it is only ignored. */
function post(path, body, cause) {
  const head = [
    `POST /2018-06-01/runtime/invocation/${path} HTTP/1.1`, `host: ${endpoint}`, 'content-type: application/json', 'connection: close',
    `lambda-runtime-function-xray-error-cause: ${cause}`, `content-length: ${Buffer.byteLength(body)}`, '', '',
  ].join('\r\n');
  const { fd } = socket._handle;
  const bytes = Buffer.from(head + body);
  for (let sent = 0; sent < bytes.length;) sent += patiently(() => writeSync(fd, bytes, sent));
  const rest = Buffer.alloc(4096);
  while (patiently(() => readSync(fd, rest)) > 0);
  socket.destroy();
}

/** The descriptor does not block: a call that would wait throws instead. */
function patiently(call) {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function strings(...values) {
  if (values.some((value) => typeof value !== 'string')) throw new TypeError('Wrong arguments');
}

const addon = {
  next,
  done: (requestId, body) => {
    strings(requestId, body);
    post(`${requestId}/response`, body, '');
  },
  error: (requestId, body, cause) => {
    strings(requestId, body, cause);
    post(`${requestId}/error`, body, cause);
  },
};

const load = Module._load;
Module._load = (request, ...rest) => (request.endsWith('rapid-client.node') ? addon : load(request, ...rest));
