// Answers every POST on loopback with an empty 200, in a process of its own, and says its origin to the parent. It reads no more of HTTP
// than where a request ends: a server that costs more than the client would set the pace.
import net from 'node:net';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n');

const server = net.createServer((socket) => {
  let pending = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let end = requestEnd(pending); end !== undefined; end = requestEnd(pending)) {
      pending = pending.subarray(end);
      socket.write(ANSWER);
    }
  });
});

/** Where the first request ends, or undefined while it is not whole. */
function requestEnd(bytes) {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head));
  if (!length) throw new Error('the responder wants a content-length');
  const end = head + 4 + Number(length[1]);
  return bytes.length < end ? undefined : end;
}

// It never sleeps. To wake a process of the same machine costs the sender of a request as much as the whole rest of its work; a target is
// on another machine, and whoever sends in bursts would be spared what others pay.
function spin() {
  setImmediate(spin);
}

spin();
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on('disconnect', () => process.exit());
