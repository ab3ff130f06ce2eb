// A real mail server for tests (npm smtp-server), told by lines on its input how to behave. Each mail it takes is read and written
// to its output, a line each. The first line says the port.
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';
import { readMail } from './read-mail.mjs';

const options = JSON.parse(process.argv[2] ?? '{}');
const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const no = (code, text) => Object.assign(new Error(text), { responseCode: code });
let behaviour = 'take';

const server = new SMTPServer({
  secure: options.secure ?? false,
  key: options.key,
  cert: options.cert,
  disabledCommands: options.key ? [] : ['STARTTLS'],
  authOptional: !options.user,
  allowInsecureAuth: true,
  authMethods: options.authMethods ?? ['PLAIN', 'LOGIN'],
  onAuth: (auth, session, done) =>
    auth.username === options.user && auth.password === options.password ? done(null, { user: auth.username }) : done(no(535, 'wrong password')),
  onMailFrom: (address, session, done) => {
    tell({ event: 'from', encrypted: session.secure });
    if (behaviour === 'hang') return;
    done(behaviour === 'busy' ? no(421, 'too many of you') : null);
  },
  onRcptTo: (address, session, done) => {
    if (behaviour === 'drop') return [...server.connections].forEach((connection) => connection._socket.destroy());
    done(behaviour === 'unknown' ? no(550, 'no such person here') : behaviour === 'greylist' ? no(450, 'come back later') : null);
  },
  onData: async (stream, session, done) => {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    tell({
      event: 'mail',
      envelopeFrom: session.envelope.mailFrom.address,
      envelopeTo: session.envelope.rcptTo.map((to) => to.address),
      encrypted: session.secure,
      user: session.user ?? null,
      longestLine: Math.max(...raw.toString('latin1').split('\r\n').map((line) => line.length)),
      ...readMail(raw),
    });
    // Taken, but the answer is lost on the way.
    if (behaviour === 'forget') return [...server.connections].forEach((connection) => connection._socket.destroy());
    done(behaviour === 'spam' ? no(554, 'this is spam') : null);
  },
});

server.on('error', () => {});
server.listen(0, '127.0.0.1', () => tell({ event: 'listening', port: server.server.address().port }));
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'heard?') return tell({ event: 'heard' });
  behaviour = line;
  tell({ event: 'behaves', behaviour });
}).on('close', () => process.exit(0));
