import type { OrderView } from '@flotilla/contracts/orders';

/** An order as the service behind the gateway answers it. */
export const ORDER: OrderView = {
  id: 'ord_01h455vb4pex5vsknk084sn02q',
  number: 'F-1',
  status: 'confirmed',
  paymentStatus: 'none',
  fulfillmentStatus: 'unfulfilled',
  currency: 'EUR',
  items: [
    {
      sku: 'NUT',
      name: 'Nut',
      quantity: 2,
      unitPrice: { amount: 5, currency: 'EUR' },
      total: { amount: 10, currency: 'EUR' },
    },
  ],
  total: { amount: 10, currency: 'EUR' },
  shippingAddress: null,
  metadata: { z: 1, a: [1.5, 'é'], '10': null },
  expiresAt: null,
  version: 1,
  createdAt: '2026-01-02T03:04:05.678Z',
  updatedAt: '2026-01-02T03:04:05.678Z',
};
