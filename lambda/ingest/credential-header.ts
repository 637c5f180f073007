/** What proves a sender to somebody, whatever the scheme. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie'];

/** Also the signatures of the schemes with code, whose headers no data names. */
const SIGNATURE = /signature|hmac|(^|-)(sig|mac)(-|$)|-verification$/;

/** Whether a header, by its name in lower case, stays behind although a target asks for it: no envelope has it, and no filter sees it. */
export function isCredentialHeader(name: string): boolean {
  return CREDENTIALS.includes(name) || isSignatureHeader(name);
}

/** By its name in lower case. */
export function isSignatureHeader(name: string): boolean {
  return SIGNATURE.test(name);
}
