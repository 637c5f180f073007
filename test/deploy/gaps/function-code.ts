/**
 * The function of the probes. It does what a message's body says, tells the recorder what it was given, and answers an HTTP request with
 * what it sees. Plain JavaScript, because it is a template's text.
 */
export const FUNCTION_CODE = `
const http = require('node:http');

const tell = (told) => new Promise((resolve, reject) => {
  const done = (response) => response.resume().once('end', resolve);
  http.request(process.env.RECORDER, { method: 'POST', agent: false }, done).once('error', reject).end(JSON.stringify(told));
});

const MEASURE = {
  _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Probes', Dimensions: [['Probe']], Metrics: [{ Name: 'Seen' }] }] },
  Probe: 'one',
  Seen: 1,
};

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

exports.handler = async (event, context) => {
  if (event.Records) return batch(event.Records);
  if (event.do) return call(event.do);
  if (event.rawPath === '/throw') throw new TypeError('thrown by a probe');
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ event, context: {
    ...context, remaining: context.getRemainingTimeInMillis() }, environment: process.env, execPath: process.execPath }) };
};

async function call(what) {
  console.log('said by a probe: ' + what);
  if (what === 'measure') console.log(JSON.stringify(MEASURE));
  if (what === 'throw') throw new TypeError('thrown by a probe');
  if (what === 'sleep') await wait(10000);
  return { what };
}

async function batch(records) {
  const queue = records[0].eventSourceARN.split(':').pop();
  if (records[0].body === 'sleep') {
    await tell({ queue, kind: 'start' });
    await wait(1000);
    await tell({ queue, kind: 'end' });
    return;
  }
  await tell({ queue, kind: 'batch', records });
  if (records.some(({ body }) => body === 'throw')) throw new Error('thrown by a probe');
  const failures = { 'fail': (id) => id, 'empty identifier': () => '', 'unknown identifier': () => 'unknown' };
  return { batchItemFailures: records.flatMap(({ body, messageId }) => failures[body] ? [{ itemIdentifier: failures[body](messageId) }] : []) };
}
`;
