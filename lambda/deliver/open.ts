import { ENVELOPE_VERSION, type Envelope, type PayloadReference } from '../../lib/contract/envelope';

export type Opened =
  | { readonly kind: 'event'; readonly envelope: Envelope; readonly body: Uint8Array }
  /** The body is an object of the payload bucket. */
  | { readonly kind: 'elsewhere'; readonly envelope: Envelope; readonly payload: PayloadReference }
  /** Of a version that this code does not know, because a deployment is under way or was rolled back. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'garbage'; readonly detail: string };

/** Reads the message of a delivery queue. Never throws. */
export function openEnvelope(text: string): Opened {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return garbage('it is not a JSON object');
  const { v: version, ...fields } = value as { [name: string]: unknown };
  if (!Number.isInteger(version) || (version as number) < 1) return garbage('it has no version');
  if ((version as number) > ENVELOPE_VERSION) return { kind: 'newer', version: version as number };

  const wrong = Object.entries(FIELDS).find(([name, accepts]) => !accepts(fields[name]));
  if (wrong) return garbage(`its field ${wrong[0]} is missing or of the wrong type`);
  const forms = version === 1 ? BODIES.slice(0, 2) : BODIES;
  if (forms.filter((name) => fields[name] !== undefined).length !== 1) return garbage(`it must have one of ${forms.join(', ')}`);
  return open(value as Envelope);
}

function open(envelope: Envelope): Opened {
  if (envelope.body !== undefined) return { kind: 'event', envelope, body: Buffer.from(envelope.body, 'utf8') };
  if (envelope.bodyBase64 !== undefined) return { kind: 'event', envelope, body: Buffer.from(envelope.bodyBase64, 'base64') };
  return { kind: 'elsewhere', envelope, payload: envelope.payload as PayloadReference };
}

/** The last one since version 2. */
const BODIES = ['body', 'bodyBase64', 'payload'] as const;

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === 'string';
const isName: Check = (value) => typeof value === 'string' && value !== '';
const isAbsent: Check = (value) => value === undefined;

const isReference: Check = (value) => {
  const { key, bytes, sha256 } = { ...value as Partial<PayloadReference> | undefined };
  return isName(key) && Number.isInteger(bytes) && (bytes as number) >= 0 && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
};

const FIELDS: { readonly [name in keyof Omit<Envelope, 'v'>]-?: Check } = {
  id: isName,
  source: isName,
  type: (value) => value === null || isString(value),
  providerId: (value) => isAbsent(value) || isString(value),
  time: isName,
  replay: (value) => isAbsent(value) || isName(value),
  headers: (value) => typeof value === 'object' && value !== null && Object.values(value).every(isString),
  body: (value) => isAbsent(value) || isString(value),
  bodyBase64: (value) => isAbsent(value) || (typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)),
  payload: (value) => isAbsent(value) || isReference(value),
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function garbage(explanation: string): Opened {
  return { kind: 'garbage', detail: `the message is not an envelope: ${explanation}` };
}
