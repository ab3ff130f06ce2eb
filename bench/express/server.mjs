// Checkout sessions and webhook intake, by hand: Express, pg with a pool and named (prepared) statements, one worker a core.
import cluster from 'node:cluster';
import { createServer } from './checkout.mjs';

const { PORT, DATABASE, WORKERS, STRIPE_URL, STRIPE_SECRET_KEY, WEBHOOK_SECRET } = process.env;

if (cluster.isPrimary) {
  for (let i = 0; i < Number(WORKERS); i++) cluster.fork();
  const stop = () => {
    for (const worker of Object.values(cluster.workers)) worker.kill();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
} else {
  const database = JSON.parse(DATABASE);
  createServer({
    database: { ...database, max: Math.ceil(20 / Number(WORKERS)) },
    stripeUrl: STRIPE_URL,
    stripeKey: STRIPE_SECRET_KEY,
    webhookSecret: WEBHOOK_SECRET,
  }).listen(Number(PORT), '127.0.0.1');
}
