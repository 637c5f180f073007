/** Why a field of a recorded event is not what a local event has, or is not there. */
export const REASONS = {
  'route': 'the recorded API had the route $default or one with a {parameter}; a gateway has a literal path for each source, and a local API refuses others',
  'stage': 'only the stage $default runs locally: another puts its name into every path, and brings variables',
  'authorizer': 'a gateway has no authorizer: its senders sign',
  'mutual-tls': 'client certificates belong to domain names of one\'s own, and to TLS',
  'preview': 'recorded two days before HTTP APIs were released, and like no event after that',
  'recorder': 'what wrote the event down filled in what the API had left out',
  'example': 'put together by hand for the guide: the time is not that of timeEpoch, and the headers are not all',
} as const;

export type Reason = keyof typeof REASONS;

interface LocalField {
  readonly why: string;
  /** What a local API on this port says instead. */
  readonly local: (port: number) => string;
}

/** Fields in which every local event is unlike every deployed one, on purpose. */
export const LOCAL_FIELDS: { readonly [field: string]: LocalField } = {
  'headers.host': { why: 'the API is reached under a name of this machine, and answers to no other', local: (port) => `127.0.0.1:${port}` },
  'requestContext.domainName': { why: 'the Host header, which is what the field is defined as', local: (port) => `127.0.0.1:${port}` },
  'requestContext.domainPrefix': { why: 'the first label of it', local: () => '127' },
  'requestContext.http.sourceIp': { why: 'it listens on loopback only', local: () => '127.0.0.1' },
  'headers.x-forwarded-for': { why: 'the same address', local: () => '127.0.0.1' },
  'headers.x-forwarded-port': { why: 'the port that it was given', local: (port) => String(port) },
  'headers.x-forwarded-proto': { why: 'there is no TLS on loopback', local: () => 'http' },
};

/** Random ones, by their form. The root of a trace id begins with the time of the request. */
export const RANDOM_FIELDS: { readonly [field: string]: (timeEpoch: number) => RegExp } = {
  'requestContext.requestId': () => /^[A-Za-z0-9_+/-]{15}=$/,
  'headers.x-amzn-trace-id': (timeEpoch) => new RegExp(`^Root=1-${Math.floor(timeEpoch / 1000).toString(16).padStart(8, '0')}-[0-9a-f]{24}$`),
};
