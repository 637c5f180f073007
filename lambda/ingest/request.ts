import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { SchemeRequest } from '../../lib/contract/scheme-module';

/** What a sender posted. The body is the very bytes; text, JSON and form are made of them when somebody asks, and never throw. */
export class WebhookRequest implements SchemeRequest {
  readonly #lazy: { text?: string; json?: unknown; form?: URLSearchParams; query?: URLSearchParams } = {};

  constructor(
    readonly method: string,
    /** By lower-case name. A header that came several times is joined by commas. */
    readonly headers: { readonly [name: string]: string | undefined },
    readonly body: Buffer,
    readonly rawQuery: string,
    /** The source's public URL with the query as it was sent. Undefined where the source has none. */
    readonly publicUrl: string | undefined,
  ) {}

  /** Undefined where the bytes are not UTF-8. A byte order mark stays, so that the text is the bytes. */
  get text(): string | undefined {
    if (!('text' in this.#lazy)) this.#lazy.text = isUtf8(this.body) ? this.body.toString('utf8') : undefined;
    return this.#lazy.text;
  }

  /** Undefined where the body is not JSON. */
  get json(): unknown {
    if (!('json' in this.#lazy)) this.#lazy.json = parseJson(this.text);
    return this.#lazy.json;
  }

  /** The same request with a body that is UTF-8: what is none of it is replaced. For what need not be exact, such as a time. */
  readable(): WebhookRequest {
    if (this.text !== undefined) return this;
    return new WebhookRequest(this.method, this.headers, Buffer.from(this.body.toString('utf8')), this.rawQuery, this.publicUrl);
  }

  /** Empty where the body is no form: in JSON, what anybody wrote into a text could have `&` and `=` in it. */
  get form(): URLSearchParams {
    return this.#lazy.form ??= new URLSearchParams(isForm(this) ? this.text : undefined);
  }

  get query(): URLSearchParams {
    return this.#lazy.query ??= new URLSearchParams(this.rawQuery);
  }
}

/**
 * Reads an event in API Gateway's payload format 2.0:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function readRequest(event: APIGatewayProxyEventV2, publicUrl?: string): WebhookRequest {
  // The content type says nothing about how the body travelled; only the flag does.
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const query = event.rawQueryString;
  const url = publicUrl === undefined || query === '' ? publicUrl : `${publicUrl}?${query}`;
  return new WebhookRequest(event.requestContext.http.method, readHeaders(event.headers), body, query, url);
}

/** The path of the route. `ANY /github` names it as it was made; the path of the request may have a stage before it. */
export function readPath({ routeKey, rawPath }: APIGatewayProxyEventV2): string {
  const space = routeKey.indexOf(' ');
  return space === -1 ? rawPath : routeKey.slice(space + 1);
}

/** The headers of these names that there are. */
export function pickHeaders(headers: WebhookRequest['headers'], names: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(names.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value]];
  }));
}

/** The content type decides, and where there is none, the body. */
function isForm(request: WebhookRequest): boolean {
  const contentType = request.headers['content-type'];
  return contentType === undefined ? request.json === undefined : FORM.test(contentType);
}

const FORM = /^\s*application\/x-www-form-urlencoded\s*(?:[;,]|$)/i;

function readHeaders(given: APIGatewayProxyEventV2['headers']): { [name: string]: string } {
  const headers: { [name: string]: string } = Object.create(null);
  for (const [name, value] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (value !== undefined) headers[key] = key in headers ? `${headers[key]},${value}` : value;
  }
  return headers;
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}
