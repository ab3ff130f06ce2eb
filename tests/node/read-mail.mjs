// Reads a mail as RFC 5322, 2045, 2047 and 2231 describe it, as far as tests look. Written from the RFCs, not from the writer.
export function readMail(raw) {
  const part = readPart(raw.toString('latin1'));
  const header = (name) => part.headers.filter(([key]) => key === name).map(([, value]) => value);
  const leaves = [...leavesOf(part)];
  const inline = (type) => leaves.find((leaf) => leaf.type === type && !leaf.fileName)?.content.toString('utf8');
  return {
    headers: part.headers.map(([key]) => key),
    from: mailboxes(header('from')[0]),
    to: mailboxes(header('to')[0]),
    replyTo: header('reply-to').length ? mailboxes(header('reply-to')[0]) : null,
    subject: words(header('subject')[0] ?? ''),
    messageId: header('message-id')[0],
    text: inline('text/plain'),
    html: inline('text/html'),
    attachments: leaves.filter((leaf) => leaf.fileName).map((leaf) => ({ filename: leaf.fileName, contentType: leaf.type, content: leaf.content.toString('base64') })),
  };
}

function readPart(text) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('a part without an end of its headers');
  const headers = text.slice(0, end).replace(/^\r\n/, '').replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`no header: ${line}`);
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const one = (name) => headers.find(([key]) => key === name)?.[1] ?? '';
  const body = text.slice(end + 4);
  const type = one('content-type').split(';')[0].trim().toLowerCase();
  const boundary = /boundary="([^"]+)"/.exec(one('content-type'))?.[1];
  if (boundary) {
    const pieces = `\r\n${body}`.split(`\r\n--${boundary}`);
    if (!pieces.at(-1).startsWith('--')) throw new Error(`${boundary} is not closed`);
    return { headers, type, parts: pieces.slice(1, -1).map((piece) => readPart(piece.replace(/^\r\n/, ''))) };
  }
  if (one('content-transfer-encoding') !== 'base64') throw new Error('only base64 is expected');
  const fileName = /filename\*=UTF-8''([^;]+)/.exec(one('content-disposition'))?.[1];
  return { headers, type, fileName: fileName && decodeURIComponent(fileName), content: Buffer.from(body, 'base64') };
}

function* leavesOf(part) {
  if (part.parts) for (const inner of part.parts) yield* leavesOf(inner);
  else yield part;
}

// White space between two encoded words does not count; a whole character never spans two of them.
function words(text) {
  return text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?B\?([A-Za-z0-9+/=]*)\?=/gi, (_, base64) => Buffer.from(base64, 'base64').toString('utf8'));
}

// Encoded words are decoded after the list is taken apart, so that no comma in a name makes a recipient.
function mailboxes(text) {
  return text.split(',').map((one) => {
    const [, name, address] = /^(.*?)\s*<([^<>]+)>$/.exec(one.trim()) ?? [null, '', one.trim()];
    return { name: words(name), address };
  });
}
