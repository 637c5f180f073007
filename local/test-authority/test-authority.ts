import { createServer, type IncomingMessage } from 'node:http';
import type { SourcePart } from '../../lib/contract/parts';
import type { AuthorityHook } from '../lambda/runtime/authority-hook';
import { listen, readBody } from '../loopback';
import { makeKeys, type PublicTestKeys, type TestKeys } from './keys';
import { needsOf, type Holding, type Needs } from './needs';

export type { TestKeys };

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Stands in for what only senders have: key sets, certificates and callbacks at their pinned hosts, and public keys. It has the keys of
 * the run, so that `cdk-webhooks send` can sign for every sender, and answers for those hosts on loopback. Only public things
 * are to be had from it; the private keys are in the note of the run.
 */
export class TestAuthority {
  private readonly server = createServer((request, response) => {
    void this.answer(request).catch(() => undefined).then((answer) => {
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': answer?.startsWith('{') ? 'application/json' : 'text/plain' }).end(answer);
    });
  });
  private port = 0;

  private constructor(private readonly needs: Needs, private readonly all: TestKeys & PublicTestKeys) {}

  /** Undefined where no source needs one. */
  static async make(sources: Iterable<SourcePart>): Promise<TestAuthority | undefined> {
    const needs = needsOf(sources);
    if (needs.publicKeys.length === 0 && Object.keys(needs.hosts).length === 0) return undefined;
    return new TestAuthority(needs, await makeKeys(needs));
  }

  async listen(): Promise<void> {
    this.port = await listen(this.server, 0, 'the test authority');
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** What the bootstrap of an ingest function needs to know. */
  get hook(): AuthorityHook {
    const { certificate, publicKeys } = this.all;
    return { origin: `http://127.0.0.1:${this.port}`, hosts: Object.keys(this.needs.hosts), trustAnchor: certificate, publicKeys };
  }

  get keys(): TestKeys {
    const { keyId, rsaPrivateKey, ecPrivateKey, privateKeys } = this.all;
    return { keyId, rsaPrivateKey, ecPrivateKey, privateKeys };
  }

  /** By the host that the function meant to ask. Any other is another name of this machine: https://en.wikipedia.org/wiki/DNS_rebinding */
  private async answer(request: IncomingMessage): Promise<string | undefined> {
    const host = request.headers.host ?? '';
    const holding: Holding | undefined = Object.hasOwn(this.needs.hosts, host) ? this.needs.hosts[host] : undefined;
    const { jwks, certificate } = this.all;
    switch (holding) {
      case 'jwks': return JSON.stringify(jwks);
      case 'sns': return request.url?.startsWith('/?') ? '<ConfirmSubscriptionResponse/>' : certificate;
      case 'paypal': return certificate;
      case 'plaid': return this.plaidKey(await readBody(request, MAX_BODY_BYTES));
      default: return undefined;
    }
  }

  /** https://plaid.com/docs/api/webhooks/webhook-verification/#get-webhook-verification-key */
  private plaidKey(body: Buffer): string | undefined {
    const { key_id: id } = JSON.parse(body.toString()) as { key_id?: unknown };
    const key = this.all.jwks.keys.find(({ kid, kty }) => kid === id && kty === 'EC');
    return key && JSON.stringify({ key: { ...key, created_at: 0, expired_at: null }, request_id: 'local' });
  }
}
