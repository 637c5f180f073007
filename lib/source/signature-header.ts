import { SignaturePlace } from '../contract/scheme';
import { headerName } from '../private/checks';

/**
 * Options of `SignatureHeader.plain()`.
 */
export interface PlainSignatureOptions {
  /**
   * What stands before the signature, e.g. `sha256=`. A header without it is refused.
   *
   * @default - nothing
   */
  readonly prefix?: string;
}

/**
 * Options of `SignatureHeader.keyValue()`.
 */
export interface KeyValueSignatureOptions {
  /**
   * The name before the `=` of a part that is a signature, e.g. `v1`.
   */
  readonly name: string;

  /**
   * What stands between two parts.
   *
   * @default ','
   */
  readonly separator?: string;
}

/**
 * Options of `SignatureHeader.list()`.
 */
export interface ListSignatureOptions {
  /**
   * What an item that is a signature starts with, e.g. `v1,`. Other items are ignored.
   */
  readonly prefix: string;

  /**
   * What stands between two items.
   *
   * @default ' '
   */
  readonly separator?: string;
}

/**
 * Where a request carries its signature.
 */
export class SignatureHeader {
  /**
   * The header is one signature, e.g. `x-hub-signature-256: sha256=5d41…`.
   *
   * @param header the header's name, in any case
   */
  public static plain(header: string, options: PlainSignatureOptions = {}): SignatureHeader {
    return new SignatureHeader({
      header: headerName(header, 'signature header'),
      format: 'plain',
      ...(options.prefix !== undefined && { prefix: options.prefix }),
    });
  }

  /**
   * The header is a list of named parts, e.g. `stripe-signature: t=1764000000,v1=5d41…`. Several parts may have the name: any may match.
   *
   * @param header the header's name, in any case
   */
  public static keyValue(header: string, options: KeyValueSignatureOptions): SignatureHeader {
    if (options.name === '') throw new Error('the signature parameter\'s name "" is empty: give the text before its "=", e.g. "v1"');
    const separator = options.separator ?? ',';
    checkSeparator(separator);
    return new SignatureHeader({ header: headerName(header, 'signature header'), format: 'keyValue', name: options.name, separator });
  }

  /**
   * The header is a list of signatures, e.g. `webhook-signature: v1,K5oZ… v1,9Gsh…`. Any may match.
   *
   * @param header the header's name, in any case
   */
  public static list(header: string, options: ListSignatureOptions): SignatureHeader {
    const separator = options.separator ?? ' ';
    checkSeparator(separator);
    return new SignatureHeader({ header: headerName(header, 'signature header'), format: 'list', prefix: options.prefix, separator });
  }

  private constructor(private readonly place: SignaturePlace) {}

  /**
   * The place as the scheme says it.
   *
   * @internal
   */
  public get _place(): SignaturePlace {
    return this.place;
  }
}

function checkSeparator(separator: string): void {
  if (separator === '') throw new Error('the separator "" is empty: give what stands between two parts of the signature header, e.g. ","');
}
