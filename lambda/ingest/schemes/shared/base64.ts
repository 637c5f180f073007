/** Buffer.from skips what is not base64, and two texts can stand for the same bytes: only the one that would be written is taken. */
export function isCanonicalBase64(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64').toString('base64') === text;
}
