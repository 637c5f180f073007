/** `docs/providers.md`: one row a provider, all of it read from the schemes. */
export function providersPage(providers) {
  return `# Providers

${providers.length} senders by name. Each has a factory on \`WebhookSource\`; what a factory does not say, \`WebhookSource.hmac()\`, \`jwt()\`, \`basicAuth()\`,
\`apiKey()\`, \`anyOf()\` and \`unverified()\` do. The window of a timestamp counts both ways. \`+\` joins what makes an id only together; \`[*]\` stands for every
item of a batch. A request without an id of the sender is a new event each time. *module* means that a value is read by the scheme's own code.

Events may come by GET, without a body, from ${queried(providers)}. They sign the URL, and the query is the event's body
then: its bytes as they came, as \`application/x-www-form-urlencoded\`. The query of any other request is not kept. A body is read as a form where its
content type says that it is one.

Some senders change members of the body from one delivery of an event to the next, such as the number of the attempt. These do not make it another body:
${repeated(providers)}.

| provider | factory | what proves a request | secret | id | type | checks of the URL |
| --- | --- | --- | --- | --- | --- | --- |
${providers.map((provider) => row(provider)).join('\n')}
`;
}

function queried(providers) {
  return listOf(providers.filter(({ scheme: { methods = [] } }) => methods.includes('GET')));
}

function repeated(providers) {
  return listOf(providers.filter(({ scheme }) => scheme.volatile));
}

function listOf(providers) {
  const names = providers.map(({ factory }) => `\`${factory}\``);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function row(provider) {
  const { of, factory, scheme, see } = provider;
  const cells = [
    `[${upperCaseFirst(of)}](${see})`, `\`${factory}\``, proof(scheme), secret(provider), places(scheme.id), places(scheme.type), checks(provider),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const HASHES = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };
const MODULES = {
  'netlify': 'JWS (HS256) with the body\'s hash in `x-webhook-signature`',
  'plaid': 'JWT (ES256) with the body\'s hash in `plaid-verification`, key from Plaid',
  'vonage': 'JWT (HS256) with the body\'s hash in `authorization`',
  'messagebird': 'JWT (HS256) with the hashes of URL and body in `messagebird-signature-jwt`',
  'qstash': 'JWT (HS256) with URL and body\'s hash in `upstash-signature`',
  'livekit': 'JWT (HS256) with the body\'s hash in `authorization`',
  'jwt': 'JWT of a published key in `authorization`',
  'sns': 'RSA over named fields, certificate of SNS, and the topic',
  'paypal': 'RSA over id, time, webhook and the body\'s CRC32, certificate of PayPal',
  'twilio': 'HMAC-SHA-1 over URL and form or body\'s hash in `x-twilio-signature`',
  'plivo': 'HMAC-SHA-256 over URL, form and nonce in `x-plivo-signature-v3`',
  'mandrill': 'HMAC-SHA-1 over URL and form in `x-mandrill-signature`',
  'mailgun': 'HMAC-SHA-256 over a time and a token in the body, which itself is not covered',
  'adyen': 'HMAC-SHA-256 over eight fields of each item',
  'braintree': 'HMAC-SHA-1 over the payload in the form',
  'box': 'HMAC-SHA-256 over body and time in `box-signature-primary` or `-secondary`',
  'docusign': 'HMAC-SHA-256 over the body in `x-docusign-signature-1` and on',
  'dropbox-sign': 'HMAC-SHA-256 over time and type in the body, which itself is not covered',
  'pusher': 'HMAC-SHA-256 over the body in `x-pusher-signature`, key named in `x-pusher-key`',
  'contentful': 'HMAC-SHA-256 over method, path, headers and body in `x-contentful-signature`',
  'msgraph': '`clientState` of every item',
  'hook0': 'HMAC-SHA-256 over time, headers and body in `x-hook0-signature`',
};

function proof(scheme) {
  const window = scheme.timestamp?.toleranceSeconds ?? scheme.settings?.toleranceSeconds;
  return `${how(scheme)}${window === undefined ? '' : `; ${window} s`}`;
}

function how(scheme) {
  switch (scheme.kind) {
    case 'hmac': return `HMAC-${HASHES[scheme.hash]} over \`${scheme.signed}\` in \`${scheme.signature.header}\``;
    case 'hash': return `${HASHES[scheme.hash]} over \`${scheme.signed}\` in \`${scheme.signature.header}\``;
    case 'ed25519': return `Ed25519 over \`${scheme.signed}\` in \`${scheme.signature.header}\``;
    case 'ecdsa': return `ECDSA (P-256) over \`${scheme.signed}\` in \`${scheme.signature.header}\``;
    case 'token': return `the secret itself in ${place(scheme.token)}`;
    case 'basic': return 'HTTP Basic in `authorization`';
    case 'code': return MODULES[scheme.module] ?? missing(scheme.module);
    default: throw new Error(`no provider can be ${scheme.kind}`);
  }
}

function missing(module) {
  throw new Error(`scripts/providers-page.mjs does not say what module ${JSON.stringify(module)} proves: add it to MODULES`);
}

function secret({ scheme, secret: text }) {
  if (scheme.kind === 'basic') return 'user and password in the URL';
  if (scheme.kind === 'token' && 'query' in scheme.token) return `\`${scheme.token.query}\` in the URL`;
  return text ?? 'none';
}

function places(locations = []) {
  return locations.map(place).join(', ') || '–';
}

function place(location) {
  const [[kind, value]] = Object.entries(location);
  switch (kind) {
    case 'header': return `\`${value}\``;
    case 'json': return `\`${value}\``;
    case 'form': return `form \`${value}\``;
    case 'formJson': return `form \`${value.field}\`, \`${value.path}\``;
    case 'query': return `query \`${value}\``;
    case 'memberOf': return 'the update\'s member';
    case 'verified': return `*module* \`${value}\``;
    case 'all': return value.map(place).join(' + ');
    default: throw new Error(`docs/providers.md has no words for a location of kind ${JSON.stringify(kind)}`);
  }
}

function checks({ scheme, pairing }) {
  const list = (scheme.handshakes ?? []).map(({ method, when }) => [method, ...when.map(({ field }) => place(field))].join(' '));
  if (pairing) list.push(`pairing by ${place(pairing.key)}`);
  return [...new Set(list)].join('; ') || '–';
}

function upperCaseFirst(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
