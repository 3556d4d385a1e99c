/** A product of the demo that the first order takes. */
export const DEMO_SKU = 'TEA-SENCHA-100';

/** What a fresh fleet sells: `POST /inventory/import`'s CSV, amounts in cents. */
export const DEMO_CATALOGUE = `sku,name,price_amount,price_currency,on_hand
${DEMO_SKU},"Sencha, 100 g",890,EUR,120
TEA-ASSAM-250,"Assam second flush, 250 g",1250,EUR,80
TEA-OOLONG-50,"High mountain oolong, 50 g",1690,EUR,24
POT-CAST-IRON,Cast iron teapot,4900,EUR,12
CUP-PORCELAIN-6,Six porcelain cups,3600,EUR,15
SCALE-POCKET,Pocket scale,2150,EUR,30
WHISK-BAMBOO,Bamboo whisk,1490,EUR,40
KETTLE-GOOSENECK,Gooseneck kettle,7900,EUR,5
MATCHA-LIMITED,"Matcha, first harvest, numbered tin",5900,EUR,1
`;
