// The function that is one of the targets. What it throws is a failed attempt.
export async function handler({ id, source, type, body }) {
  console.log(JSON.stringify({ received: id, source, type, bytes: Buffer.byteLength(body ?? '') }));
}
