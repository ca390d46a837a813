// contracts/javascript/contract.mjs as a receiver and as a sender.

import { readFileSync } from "node:fs";
import http from "node:http";
import { createInterface } from "node:readline";

import { Contract, Rejected, pairsOf } from "../../contracts/javascript/contract.mjs";

const folder = new URL("../../contracts/", import.meta.url).pathname;
const keys = [{ secret: Buffer.from("test-shared-secret"), id: "client-1" }];
const contracts = new Map();
const agent = new http.Agent({ keepAlive: true });

function contractOf(name) {
  if (!contracts.has(name)) contracts.set(name, Contract.load(`${folder}${name}.json`));
  return contracts.get(name);
}

function resultOf(verify) {
  try {
    verify();
    return "valid";
  } catch (error) {
    if (error instanceof Rejected) return error.reason;
    throw error;
  }
}

function vectors({ path }) {
  const contract = Contract.load(path);
  const results = {};
  for (const vector of JSON.parse(readFileSync(path, "utf8")).vectors) {
    const key = { secret: Buffer.from(vector.key_base64, "base64"), id: vector.key_id };
    const { method, target, now } = vector;
    const payload = Buffer.from(vector.payload_base64, "base64");
    results[vector.id] = resultOf(() => contract.verify([key], vector.headers, payload, { method, target, now }));
  }
  return results;
}

function listen() {
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const target = (request.headers["x-origin"] ?? "") + request.url;
    const answer = resultOf(() =>
      contractOf(request.headers["x-contract"]).verify(keys, pairsOf(request.rawHeaders), Buffer.concat(chunks), { method: request.method, target }),
    );
    response.writeHead(answer === "valid" ? 200 : 401);
    response.end(answer);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

/** The statuses of signed requests; those to be forged are changed after they were signed. */
async function send({ name, address, requests }) {
  const [host, port] = address.split(":");
  const statuses = [];
  for (const { method, target, origin, payload, sent } of requests) {
    const body = Buffer.from(sent, "base64");
    const headers = contractOf(name).sign(keys, Buffer.from(payload, "base64"), { method, target: origin + target });
    Object.assign(headers, { "X-Contract": name, "X-Origin": origin, "Content-Type": "application/octet-stream", "Content-Length": body.length });
    statuses.push(
      await new Promise((resolve, reject) => {
        const request = http.request({ host, port, path: target, method, headers, agent, timeout: 10_000 }, (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode));
        });
        request.on("error", reject);
        request.end(body);
      }),
    );
  }
  return statuses;
}

const operations = { vectors, listen, send };
for await (const line of createInterface({ input: process.stdin })) {
  const { operation, ...values } = JSON.parse(line);
  let answer;
  try {
    answer = { result: await operations[operation](values) };
  } catch (error) {
    answer = { error: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit();
