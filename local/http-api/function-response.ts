export interface GatewayResponse {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/**
 * What a function's result means to an HTTP API with payload format 2.0; null when it is malformed. Anything without a `statusCode`
 * is a body of its own: the guide asks for valid JSON there, a deployed API takes every text and unwraps a JSON string
 * (observed in the tests of https://github.com/aws/aws-lambda-dotnet, LambdaTestTool-v2).
 */
export function gatewayResponse(payload: string): GatewayResponse | null {
  const result = parse(payload);
  if (!isRecord(result) || !('statusCode' in result)) {
    const body = Buffer.from(typeof result === 'string' ? result : payload);
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body };
  }
  const status = statusCode(result.statusCode);
  const headers = responseHeaders(result.headers);
  const cookies = result.cookies ?? [];
  const body = responseBody(result.body, result.isBase64Encoded);
  if (status === null || headers === null || body === null || !isStrings(cookies)) return null;
  return { status, headers, cookies, body };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

/** A whole number, or its text. */
function statusCode(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 ? status : null;
}

/** The gateway's own to say. */
const NOT_FOR_FUNCTIONS = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer']);

function responseHeaders(value: unknown): { [name: string]: string } | null {
  const headers: { [name: string]: string } = { 'content-type': 'text/plain; charset=utf-8' };
  if (value === undefined || value === null) return headers;
  if (!isRecord(value)) return null;
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean') return null;
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/i.test(name) || !isHeaderValue(String(text))) return null;
    if (!NOT_FOR_FUNCTIONS.has(name.toLowerCase())) headers[name.toLowerCase()] = String(text);
  }
  return headers;
}

function responseBody(value: unknown, isBase64Encoded: unknown): Buffer | null {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value !== 'string') return null;
  if (isBase64Encoded !== true) return Buffer.from(value);
  return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? Buffer.from(value, 'base64') : null;
}

function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && isHeaderValue(item));
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
