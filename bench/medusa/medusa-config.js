const { defineConfig } = require('@medusajs/framework/utils');

// As Medusa ships: its own in-memory event bus, cache and locking, PostgreSQL for all that lasts; without the admin's pages.
module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: process.env.MEDUSA_DATABASE_URL,
    databaseLogging: false,
    http: { storeCors: '*', adminCors: '*', authCors: '*', jwtSecret: 'bench-jwt-secret', cookieSecret: 'bench-cookie-secret' },
  },
});
