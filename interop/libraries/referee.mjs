// Other people's libraries, from npm: each signs, and each says whether a signature of PHP is right. Both want a text.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const modules = createRequire(pathToFileURL(`${process.env.INTEROP_NODE_MODULES}/`));
const octokit = await import(pathToFileURL(`${process.env.INTEROP_NODE_MODULES}/@octokit/webhooks-methods/dist-node/index.js`));
const Stripe = modules('stripe');

const libraries = {
    octokit: {
        sign: async (key, payload) => ({ 'X-Hub-Signature-256': await octokit.sign(key, payload) }),
        verify: (key, payload, headers) => octokit.verify(key, payload, headers['X-Hub-Signature-256']),
    },
    stripe: {
        sign: (secret, payload) => ({ 'Stripe-Signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }) }),
        verify: (key, payload, headers) => {
            try {
                return Stripe.webhooks.signature.verifyHeader(payload, headers['Stripe-Signature'], key, 300);
            } catch (error) {
                if (error.type === 'StripeSignatureVerificationError') return false;
                throw error;
            }
        },
    },
};

const text = (base64) => Buffer.from(base64, 'base64').toString('utf8');

for await (const line of createInterface({ input: process.stdin })) {
    const { operation, library, key, payload, headers } = JSON.parse(line);
    try {
        const result = await libraries[library][operation](text(key), text(payload), headers);
        console.log(JSON.stringify({ result }));
    } catch (error) {
        console.log(JSON.stringify({ error: String(error) }));
    }
}
