import { Token } from 'aws-cdk-lib';
import { FieldLocation } from '../contract/scheme';
import { requestHeader } from '../private/checks';

const JSON_PATH = /^\$(\.[^.[\]\s]+|\[\d+\]|\['[^']+'\])+$/;

/**
 * One place in a request that holds a piece of text.
 */
export class RequestField {
  /**
   * A header.
   *
   * @param name the header's name, in any case; not `cookie`
   */
  public static header(name: string): RequestField {
    return new RequestField({ header: requestHeader(name, 'header') });
  }

  /**
   * A field of a JSON body.
   *
   * @param path `$` and the way from there: `.name`, `['any name']`, or `[0]` for a place in a list; e.g. `$.data.id`
   */
  public static jsonPath(path: string): RequestField {
    if (!Token.isUnresolved(path) && !JSON_PATH.test(path)) {
      throw new Error(`${JSON.stringify(path)} is not a path: write "$" and the way from there in .name, ['any name'] or [0], e.g. "$.data.id"`);
    }
    return new RequestField({ json: path });
  }

  /**
   * A field of a form body.
   *
   * @param name the field's name
   */
  public static formField(name: string): RequestField {
    return new RequestField({ form: checkPresent(name, 'form field') });
  }

  /**
   * A parameter of the URL's query.
   *
   * @param name the parameter's name
   */
  public static queryParameter(name: string): RequestField {
    return new RequestField({ query: checkPresent(name, 'query parameter') });
  }

  /**
   * A named part of a signature header made by `SignatureHeader.keyValue()`.
   *
   * @param name the text before the part's `=`, e.g. `t`
   */
  public static signatureParameter(name: string): RequestField {
    return new RequestField({ signature: checkPresent(name, 'signature parameter') });
  }

  private constructor(private readonly location: FieldLocation) {}

  /**
   * The location as the scheme says it.
   *
   * @internal
   */
  public get _location(): FieldLocation {
    return this.location;
  }
}

function checkPresent(name: string, what: string): string {
  if (name === '') throw new Error(`the ${what}'s name "" is empty`);
  return name;
}
