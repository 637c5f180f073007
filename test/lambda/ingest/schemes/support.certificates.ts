import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** DER: a tag, a length and the contents. */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...items: Uint8Array[]) => der(0x30, ...items);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const time = (date: string) => der(0x17, Buffer.from(`${date.replace(/\D/g, '').slice(2)}000000Z`));
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';

export interface Issued {
  readonly name: string;
  readonly pem: string;
  readonly privateKey: KeyObject;
}

export interface IssueOptions {
  /** Absent: it signs itself. It must have a key on P-256. */
  readonly issuer?: Issued;
  readonly ca?: boolean;
  readonly type?: 'rsa' | 'ec';
  readonly names?: string[];
  readonly from?: string;
  readonly to?: string;
}

/** A certificate of X.509, made on the spot. */
export function issue(name: string, { issuer, ca = false, type = 'ec', names = [], from = '2025-01-01', to = '2045-01-01' }: IssueOptions = {}): Issued {
  const { publicKey, privateKey } = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const commonName = (text: string) => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(text)))));
  const extensions = [sequence(oid('551d13'), der(0x01, Buffer.from([0xff])), der(0x04, sequence(...(ca ? [der(0x01, Buffer.from([0xff]))] : []))))];
  if (names.length > 0) extensions.push(sequence(oid('551d11'), der(0x04, sequence(...names.map((text) => der(0x82, Buffer.from(text)))))));
  const unsigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    commonName(issuer?.name ?? name),
    sequence(time(from), time(to)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', unsigned, issuer?.privateKey ?? privateKey));
  const lines = sequence(unsigned, algorithm, signature).toString('base64').match(/.{1,64}/g) ?? [];
  return { name, privateKey, pem: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n') };
}
