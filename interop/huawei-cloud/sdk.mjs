// Huawei Cloud's SDK for Node: signs a request as its HTTP client does before it sends it.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const modules = createRequire(pathToFileURL(`${process.env.INTEROP_NODE_MODULES}/`));
const { AKSKSigner } = modules('@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner');

/** `path` is not percent-encoded, since the SDK puts its parameters into a path as they are. */
function sign({ access, secret, method, host, path, query, headers, body }) {
    const queryParams = {};
    for (const [name, value] of query) {
        (queryParams[name] ??= []).push(value);
    }
    const data = body === '' ? undefined : JSON.parse(body);
    const request = { endpoint: `https://${host}${path}`, method, headers: { ...headers }, queryParams, data };
    const signed = AKSKSigner.sign(request, { getAk: () => access, getSk: () => secret });
    return { headers: signed, target: AKSKSigner.CanonicalQueryString(request) };
}

for await (const line of createInterface({ input: process.stdin })) {
    try {
        console.log(JSON.stringify({ result: sign(JSON.parse(line)) }));
    } catch (error) {
        console.log(JSON.stringify({ error: String(error) }));
    }
}
