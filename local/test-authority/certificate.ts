import { sign, type KeyObject } from 'node:crypto';

/** A self-signed certificate in PEM, for the name that PayPal's has. Node.js reads certificates and makes none. */
export function selfSigned(publicKey: KeyObject, privateKey: KeyObject): string {
  const algorithm = sequence(oid(SHA256_WITH_RSA), der(0x05));
  const name = sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from('messageverificationcerts.paypal.com')))));
  const unsigned = sequence(
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    // A run's clock may be years ahead; a year of two digits ends in 2049.
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z'))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', unsigned, privateKey));
  const base64 = sequence(unsigned, algorithm, signature).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

const COMMON_NAME = '550403';
const SHA256_WITH_RSA = '2a864886f70d01010b';

/** A tag, a length and the contents: https://www.itu.int/rec/T-REC-X.690 */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...items: Uint8Array[]): Buffer {
  return der(0x30, ...items);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}
