const { Modules, ProductStatus } = require('@medusajs/framework/utils');
const {
  createApiKeysWorkflow, createProductsWorkflow, createRegionsWorkflow, createSalesChannelsWorkflow, createShippingProfilesWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
} = require('@medusajs/medusa/core-flows');

/** One region that takes dollars, one product, one publishable key; what a caller needs is printed as one line. */
exports.default = async function seed({ container }) {
  const { result: [channel] } = await createSalesChannelsWorkflow(container).run({ input: { salesChannelsData: [{ name: 'Bench' }] } });
  const { result: [region] } = await createRegionsWorkflow(container).run({
    input: { regions: [{ name: 'US', currency_code: 'usd', countries: ['us'], payment_providers: ['pp_system_default'] }] },
  });
  const { result: [profile] } = await createShippingProfilesWorkflow(container).run({ input: { data: [{ name: 'Default', type: 'default' }] } });
  const { result: [product] } = await createProductsWorkflow(container).run({
    input: {
      products: [{
        title: 'Festival ticket', status: ProductStatus.PUBLISHED, shipping_profile_id: profile.id, options: [{ title: 'Kind', values: ['Standard'] }],
        variants: [{ title: 'Standard', sku: 'TICKET', manage_inventory: false, options: { Kind: 'Standard' }, prices: [{ currency_code: 'usd', amount: 49 }] }],
        sales_channels: [{ id: channel.id }],
      }],
    },
  });
  const { result: [key] } = await createApiKeysWorkflow(container).run({ input: { api_keys: [{ title: 'Bench', type: 'publishable', created_by: '' }] } });
  await linkSalesChannelsToApiKeyWorkflow(container).run({ input: { id: key.id, add: [channel.id] } });
  const variants = await container.resolve(Modules.PRODUCT).listProductVariants({ product_id: product.id });
  console.log(`seeded ${JSON.stringify({ key: key.token, region: region.id, variant: variants[0].id })}`);
};
