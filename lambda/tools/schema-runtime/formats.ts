import { isDate, isDateTime, isDuration, isTime } from './times';

type Format = ((text: string) => boolean) | { readonly type: 'number'; readonly validate: (value: number) => boolean } | true;

const MAX_REGEX = 10_000;

const isHostname = (text: string): boolean => text.length <= 253 && text.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));

function isIpv4(text: string): boolean {
  const octets = text.length > 15 ? [] : text.split('.');
  return octets.length === 4 && octets.every((octet) => /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/.test(octet));
}

/** RFC 4291, 2.2: eight groups, of which one run may be `::`, and the last two may be an IPv4 address. Without a zone. */
function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const mapped = last !== undefined && last.includes('.') && !text.endsWith(':');
  const plain = mapped ? groups.slice(0, -1) : groups;
  const length = plain.length + (mapped ? 2 : 0);
  return (!mapped || isIpv4(last)) && plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? length <= 7 : length === 8);
}

/** RFC 5321 without quoted names and addresses in brackets, which no sender uses. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const name = text.slice(0, at);
  return at > 0 && name.length <= 64 && name.split('.').every((atom) => /^[\w!#$%&'*+/=?^`{|}~-]+$/.test(atom)) && isHostname(text.slice(at + 1));
}

/** RFC 3986, as far as it goes without a parser for each scheme: the characters, one fragment, a host and port that can be. */
function isReference(text: string): boolean {
  if (!/^(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})*$/i.test(text) || text.indexOf('#') !== text.lastIndexOf('#')) return false;
  const [, authority, rest = ''] = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^]*)$/i.exec(text) as RegExpExecArray;
  if (/[[\]]/.test(rest)) return false;
  if (authority === undefined) return true;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const [, address, name, port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(host) ?? [];
  return /^\d*$/.test(port) && (name !== undefined || (address !== undefined && (isIpv6(address) || /^v[0-9a-f]+\./i.test(address))));
}

const isUri = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text) && isReference(text);

function isRegex(text: string): boolean {
  try {
    return text.length <= MAX_REGEX && new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const isInt32 = (value: number): boolean => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;

/** Each in time that grows no faster than the text. `true` says something to people only. */
export const formats: { readonly [name: string]: Format } = {
  'date-time': isDateTime,
  'date': isDate,
  'time': isTime,
  'duration': isDuration,
  'email': isEmail,
  'hostname': isHostname,
  'ipv4': isIpv4,
  'ipv6': isIpv6,
  'uri': isUri,
  'uri-reference': isReference,
  'uuid': (text) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text),
  'json-pointer': (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text),
  'relative-json-pointer': (text) => {
    const [, pointer] = /^(?:0|[1-9]\d*)(#|[^#\d][^]*)?$/.exec(text) ?? [];
    return pointer === undefined ? /^(?:0|[1-9]\d*)$/.test(text) : pointer === '#' || /^(?:\/(?:[^~/]|~[01])*)*$/.test(pointer);
  },
  'regex': isRegex,
  // Of OpenAPI: https://spec.openapis.org/registry/format/
  'int32': { type: 'number', validate: isInt32 },
  'int64': { type: 'number', validate: Number.isInteger },
  'byte': (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  'float': true,
  'double': true,
  'binary': true,
  'password': true,
};
