import { Stack, Token } from 'aws-cdk-lib';
import { ApiMapping, DomainName, HttpApi, HttpStage, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** Two labels or more, the last of which is no number. No wildcard: senders are given one URL. */
const NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);

/** A domain and the certificate for it: the one is nothing without the other. */
export interface CustomDomainProps {
  readonly domainName: string;
  readonly certificate: ICertificate;
}

/** What a gateway says of a domain. Undefined where it says nothing. */
export function customDomain({ domainName, certificate }: Partial<CustomDomainProps>): CustomDomainProps | undefined {
  if (domainName === undefined && certificate === undefined) return undefined;
  if (domainName === undefined) throw new Error('certificate is given without domainName: give both, e.g. domainName "hooks.example.com", or neither');
  if (certificate === undefined) {
    throw new Error(`domainName ${JSON.stringify(domainName)} is given without certificate: give both, the certificate one of ACM for that name, or neither`);
  }
  if (!Token.isUnresolved(domainName) && !NAME.test(domainName)) {
    throw new Error(`domainName ${JSON.stringify(domainName)} is not allowed: it is a whole name in lower case without "https://" and path, e.g. "hooks.example.com"`);
  }
  return { domainName, certificate };
}

/**
 * A name of one's own for an API. The API's own address stays open, so that no sender is cut off that has it, and nothing breaks before the
 * DNS has the name.
 */
export class CustomDomain extends Construct {
  public readonly domain: DomainName;

  constructor(scope: Construct, id: string, { domainName, certificate }: CustomDomainProps) {
    super(scope, id);
    checkRegion(certificate, Stack.of(this));
    this.domain = new DomainName(this, 'Name', { domainName, certificate, securityPolicy: SecurityPolicy.TLS_1_2 });
  }

  /** Without a key, so that paths are the same under both names. */
  public map(api: HttpApi, stage: HttpStage): void {
    new ApiMapping(this, 'Mapping', { api, domainName: this.domain, stage });
  }
}

/** Those of CloudFront are in us-east-1, and easily taken for one that does. */
function checkRegion(certificate: ICertificate, stack: Stack): void {
  const { certificateArn } = certificate;
  const region = Token.isUnresolved(certificateArn) ? certificate.env.region : certificateArn.split(':')[3] as string;
  if (Token.isUnresolved(region) || Token.isUnresolved(stack.region) || region === stack.region) return;
  throw new Error(`the certificate ${Token.isUnresolved(certificateArn) ? certificate.node.path : JSON.stringify(certificateArn)} is in ${region}, but a domain of an API in `
    + `${stack.region} needs one there: have ACM issue it in ${stack.region}`);
}
