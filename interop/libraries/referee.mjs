// Other people's libraries, from npm: each says whether a signature of PHP is right, and signs where it can. All want a text.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const modules = createRequire(pathToFileURL(`${process.env.INTEROP_NODE_MODULES}/`));
const octokit = await import(pathToFileURL(`${process.env.INTEROP_NODE_MODULES}/@octokit/webhooks-methods/dist-node/index.js`));
const Stripe = modules('stripe');
const { Paddle } = modules('@paddle/paddle-node-sdk');
modules('@shopify/shopify-api/adapters/node');
const { ApiVersion, shopifyApi } = modules('@shopify/shopify-api');

const paddle = new Paddle('no API key is needed to verify');

const shopify = (apiSecretKey) =>
    shopifyApi({
        apiKey: 'none',
        apiSecretKey,
        hostName: 'localhost',
        isEmbeddedApp: false,
        apiVersion: ApiVersion.Unstable,
        logger: { log: () => {} },
    });

const libraries = {
    '@octokit/webhooks-methods': {
        sign: async ([key], payload) => ({ 'X-Hub-Signature-256': await octokit.sign(key, payload) }),
        verify: (key, payload, headers) => octokit.verify(key, payload, headers['X-Hub-Signature-256']),
    },
    stripe: {
        sign: (keys, payload) => {
            const timestamp = Math.floor(Date.now() / 1000);
            const header = (secret) => Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
            const [first, ...others] = keys.map(header);
            return { 'Stripe-Signature': [first, ...others.map((other) => other.split(',')[1])].join(',') };
        },
        verify: (key, payload, headers) => {
            try {
                return Stripe.webhooks.signature.verifyHeader(payload, headers['Stripe-Signature'], key, 300);
            } catch (error) {
                if (error.type === 'StripeSignatureVerificationError') return false;
                throw error;
            }
        },
    },
    '@paddle/paddle-node-sdk': {
        verify: (key, payload, headers) => paddle.webhooks.isSignatureValid(payload, key, headers['Paddle-Signature']),
    },
    '@shopify/shopify-api': {
        // What it wants besides the signature is not signed.
        verify: async (key, rawBody, headers) => {
            const others = { 'X-Shopify-Topic': 'a/b', 'X-Shopify-Shop-Domain': 'a', 'X-Shopify-API-Version': 'b', 'X-Shopify-Webhook-Id': 'c' };
            const arrived = Object.fromEntries(Object.entries({ ...headers, ...others }).map(([name, value]) => [name.toLowerCase(), value]));
            const { valid, reason } = await shopify(key).webhooks.validate({ rawBody, rawRequest: { headers: arrived }, rawResponse: {} });
            if (!valid && reason !== 'invalid_hmac') throw new Error(reason);
            return valid;
        },
    },
};

const text = (base64) => Buffer.from(base64, 'base64').toString('utf8');

for await (const line of createInterface({ input: process.stdin })) {
    const { operation, library, key, keys, payload, headers } = JSON.parse(line);
    try {
        const result = await libraries[library][operation](keys ? keys.map(text) : text(key), text(payload), headers);
        console.log(JSON.stringify({ result }));
    } catch (error) {
        console.log(JSON.stringify({ error: String(error) }));
    }
}
