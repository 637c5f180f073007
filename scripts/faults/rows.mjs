// The faults that a gateway is held to. `waitsFor` names the part whose absence leaves a row without a test; a row without it must have one.
// A test proves a row by a title that begins with `row N: ` or `row N, row M: `.
const EVENT_STORE = 'event store';
const COMMANDS = 'replay and redrive';
const CONSOLE = 'console';
const ALARMS = 'alarms';
const SCHEMAS = 'schemas of sources';

export const SECTIONS = [
  {
    title: 'Bad requests',
    rows: [
      { id: '1', fault: 'a path that is no source, or another method', expected: '404 or 405 with a constant body; nothing is kept' },
      { id: '2', fault: 'no signature, an empty one, or only its prefix', expected: '401, with the same body as a wrong signature' },
      { id: '3', fault: 'one byte of the body is changed', expected: '401' },
      { id: '4', fault: 'the signature header comes twice', expected: '401' },
      { id: '5', fault: 'upper-case hex, base64url, spaces at the end', expected: 'what the sender\'s scheme says, never a 500' },
      { id: '6', fault: 'a timestamp out of its window, or one that is no number', expected: '401' },
      { id: '7', fault: 'a valid request is sent again inside the window', expected: '200; not enqueued a second time', waitsFor: EVENT_STORE },
      { id: '8', fault: 'bytes that are no UTF-8, a NUL, a lone surrogate, a byte order mark', expected: 'accepted; the target gets the same bytes' },
      { id: '9', fault: 'a body that is not JSON, or empty', expected: 'accepted and delivered as it is' },
      { id: '10', fault: 'authentic, but not what the source\'s schema says', expected: '2xx and quarantine; 503 where the quarantine fails', waitsFor: SCHEMAS },
      { id: '11', fault: 'deep nesting, 100,000 keys, `__proto__`, a key twice', expected: 'bounded time; no prototype is changed' },
      { id: '12', fault: 'a body at and above the size limit', expected: '2xx up to the limit, 413 above it' },
      { id: '13', fault: 'a gzip bomb as the body', expected: 'verified as it came, never inflated' },
      { id: '14', fault: 'the same body as text and in base64', expected: 'the same verdict and the same bytes' },
    ],
  },
  {
    title: 'What senders do',
    rows: [
      { id: '15', fault: 'the same event twice at the same moment', expected: 'both 2xx; at most one copy more for each target, with the same id' },
      { id: '16', fault: 'the same id with another body', expected: '200; both are kept and marked', waitsFor: EVENT_STORE },
      { id: '17', fault: 'no id of the sender', expected: 'an id of our own, and no check for duplicates' },
      { id: '18', fault: 'a retry while the first request is still at work', expected: 'both 2xx; at most one copy more, with the same id', waitsFor: EVENT_STORE },
      { id: '19', fault: 'events out of order', expected: 'taken as they come; order only as we received them' },
      { id: '20', fault: 'a burst of a hundred times the usual', expected: '2xx up to the throttle, then 429' },
      { id: '21', fault: 'a check of the URL', expected: 'the answer that the sender computes; nothing is enqueued' },
      { id: '22', fault: 'the secret is rotated without notice', expected: 'both keys count while they overlap; then 401' },
    ],
  },
  {
    title: 'What targets do',
    rows: [
      { id: '23', fault: 'takes the connection and never answers', expected: 'the attempt ends with its time; a retry' },
      { id: '24', fault: 'headers, then a byte a second for ever', expected: 'a status that was seen counts; the body is dropped' },
      { id: '25', fault: 'the connection is reset before or during the answer', expected: 'one try more at once where it had been idle, then the schedule' },
      { id: '26', fault: 'an answer of 200 MB, or one that inflates to it', expected: 'at most 16 KiB are read; memory stays flat' },
      { id: '27', fault: 'a redirect, also to the metadata address', expected: 'a failure; not followed' },
      { id: '28', fault: 'TLS that is expired, self-signed, of another name or too old', expected: 'a failure that is tried again; no leak' },
      { id: '29', fault: 'the name does not resolve, or slowly', expected: 'a retry; the lookup is inside the attempt\'s time' },
      { id: '30', fault: '`Retry-After` in all its forms, right and wrong', expected: 'kept within bounds, never earlier than the schedule' },
      { id: '31', fault: '503 without a word, 408, 425', expected: 'a retry' },
      { id: '32', fault: 'an answer that no retry will change', expected: 'dead-lettered as `rejected` after an hour; others follow the schedule' },
      { id: '33', fault: '410', expected: 'dead-lettered as `gone`; the target is flagged and paused' },
      { id: '34', fault: '2xx with an error in the body', expected: 'a success' },
      { id: '35', fault: 'down for three days with 150,000 events', expected: 'the breaker opens; none is lost; all are delivered afterwards' },
      { id: '36', fault: 'a few per cent fail at random', expected: 'no dead letter' },
      { id: '37', fault: 'one slow target', expected: 'the others do not notice' },
      { id: '38', fault: 'the event is processed, the answer is lost', expected: 'it comes again with the same id' },
      { id: '39', fault: 'an AWS service takes a part, or has it already', expected: 'a part is a failure; what exists is a success' },
    ],
  },
  {
    title: 'What AWS does',
    rows: [
      { id: '40', fault: 'SQS fails, throttles or hangs while an event is taken', expected: 'two tries at most, then 503' },
      { id: '40b', fault: 'one target\'s queue is gone or denied for good', expected: '2xx; that target\'s copy is quarantined', waitsFor: EVENT_STORE },
      { id: '41', fault: 'some queues took the event, others did not', expected: '503; a retry with the same id' },
      { id: '42', fault: 'SQS took the message, its answer was lost', expected: 'a duplicate with the same id' },
      { id: '43', fault: 'Secrets Manager is down', expected: 'what is cached counts; without it 503, never 401 and never 2xx' },
      { id: '44', fault: 'DynamoDB throttles or is down', expected: 'accepted without a check for duplicates where a queue has it, else 503', waitsFor: EVENT_STORE },
      { id: '45', fault: 'a big body cannot be stored, read, or is gone', expected: '503, a retry, or a dead letter `payload-missing`' },
      { id: '46', fault: 'a KMS key is denied or disabled', expected: '503 in; messages wait out' },
      { id: '47', fault: 'the ingest function dies at any await', expected: 'no 2xx without durability' },
      { id: '48', fault: 'the delivery function dies in the middle of a batch', expected: 'what is done is not repeated, the others are; none is dead-lettered for it' },
      { id: '49', fault: 'SQS delivers twice, or out of order', expected: 'the same id; order only for each group of a FIFO queue' },
      { id: '50', fault: 'the function is throttled', expected: 'receives go up; no dead letter' },
      { id: '51', fault: 'a call of SQS fails after the attempt', expected: 'the message comes again; it is kept until the dead-letter queue has it' },
      { id: '52', fault: 'logs or metrics cannot be written', expected: 'delivery goes on' },
    ],
  },
  {
    title: 'What operators do',
    rows: [
      { id: '53', fault: 'a secret that is empty, white space or too short', expected: '503 and a sentence that names the secret, not its value' },
      { id: '54', fault: 'the wrong secret is deployed', expected: '401, and an alarm within five minutes', waitsFor: ALARMS },
      { id: '55', fault: 'a secret is deleted', expected: 'what is cached counts for 24 hours, then 503' },
      { id: '56', fault: 'the secret has no such field', expected: '503' },
      { id: '57', fault: 'a schema that is wrong, slow or elsewhere', expected: 'an error at synth', waitsFor: SCHEMAS },
      { id: '58', fault: 'a target is removed while messages wait', expected: 'the queues are kept, and can be found', waitsFor: COMMANDS },
      { id: '59', fault: 'a target is renamed, or a construct moved', expected: 'the logical ids stay, or synth fails' },
      { id: '60', fault: 'a rollback', expected: 'envelopes of the version before are read; newer ones wait' },
      { id: '61', fault: '100,000 dead letters are sent back to a target that is still down', expected: 'at a bounded rate; ends at the breaker', waitsFor: COMMANDS },
      { id: '62', fault: 'an event is replayed twice, or during traffic', expected: 'the same id, marked as a replay', waitsFor: COMMANDS },
      { id: '63', fault: 'a local run is reachable from outside', expected: 'loopback only; the host is checked' },
    ],
  },
  {
    title: 'Attacks',
    rows: [
      { id: '64', fault: 'a forgery with an empty key, a weaker algorithm, or one that the request names', expected: '401' },
      { id: '65', fault: 'a signature or a name is probed by time', expected: 'one body for all, and compares in constant time' },
      { id: '66', fault: '100,000 signatures in a header', expected: 'the first 16 count' },
      { id: '67', fault: 'a flood of wrong signatures', expected: 'no write, and a secret is asked for once in 30 seconds' },
      { id: '68', fault: 'a target\'s name or address that leads inside', expected: 'blocked before anything is sent' },
      { id: '69', fault: 'a header that carries another one', expected: 'only listed headers go on; line breaks never do' },
      { id: '70', fault: 'an event id with dots, slashes, or 10 KB of it', expected: 'hashed before it is a key, a group or a path' },
      { id: '71', fault: 'terminal codes in an event', expected: 'escaped wherever a person sees them' },
      { id: '72', fault: 'a secret in the query, `authorization` or `cookie` of a request', expected: 'never logged, never passed on' },
      { id: '73', fault: 'replay is misused', expected: 'IAM only, and no other URL', waitsFor: CONSOLE },
    ],
  },
];
