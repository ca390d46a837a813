<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Testing\Forgeries;
use HwSignature\Testing\Headers;
use HwSignature\Testing\SignedRequest;
use HwSignature\Verifier;
use ValueError;

/** Sends good requests and every forgery of one to a receiver, whatever that is written in. */
final class Check
{
    private const PATIENCE_SECONDS = 10;
    private const REPORT_EVERY_SECONDS = 0.2;
    private const BODY = '{"event":"test","number":%d}';

    private readonly string $scheme;
    /** Host and port, and nothing else is ever connected to. */
    private readonly string $address;
    private readonly string $host;
    private readonly string $target;

    /**
     * @param array<string, string> $headers sent with every request
     * @param list<string> $except names of forgeries that are not sent
     * @param list<array<string, mixed>> $vectors of the contract's file: those that spell a good request otherwise are signed
     *     anew
     */
    public function __construct(
        private readonly Profile $profile,
        private readonly Key $key,
        string $url,
        private readonly string $method,
        private readonly ?string $payload,
        private readonly array $headers,
        private readonly array $except,
        private readonly array $vectors,
    ) {
        $isUrl = preg_match('~\A(https?)://(\[[0-9a-f:.]+\]|[^/?#@:\s]+)(?::(\d+))?([/?][^#\s]*)?\z~i', $url, $parts) === 1;
        $isUrl || throw new UsageError('--url must be a URL such as http://127.0.0.1:8000/webhook.');
        $this->scheme = strtolower($parts[1]);
        $port = ($parts[3] ?? '') !== '' ? (int) $parts[3] : ($this->scheme === 'https' ? 443 : 80);
        $this->address = "$parts[2]:$port";
        $this->host = $parts[2] . (($parts[3] ?? '') === '' ? '' : ":$parts[3]");
        $path = $parts[4] ?? '/';
        $this->target = str_starts_with($path, '?') ? "/$path" : $path;
    }

    /**
     * Sends them all. A receiver that refuses the good request refuses everything, so that is asked first.
     *
     * @param callable(string): mixed $report is told how far it is, a few times a second
     *
     * @return list<array{name: string, status: int, good: bool, meaning: string}>
     */
    public function run(callable $report): array
    {
        $good = $this->good();
        $status = $this->send($good);
        $results = [self::result('the good request', $status, self::accepts($status), 'it must be accepted: the others say nothing')];
        if (!self::accepts($status)) {
            return $results;
        }
        foreach ($this->spellings() as [$vector, $request]) {
            $status = $this->send($request);
            $results[] = self::result("good: $vector[id]", $status, self::accepts($status), "it must be accepted: $vector[comment]");
        }
        $names = array_keys(Forgeries::of($good));
        $unknown = array_values(array_diff($this->except, $names));
        $unknown === [] || throw new UsageError("--except names no forgery of this contract: $unknown[0].");
        $told = 0.0;
        foreach (array_diff($names, $this->except) as $index => $name) {
            if (microtime(true) - $told > self::REPORT_EVERY_SECONDS) {
                $report(sprintf('%d of %d: %s', $index + 1, count($names), $name));
                $told = microtime(true);
            }
            // Each from a good request of its own: a receiver with a memory that has accepted one would refuse the next.
            $forgery = Forgeries::of($this->good())[$name][0] ?? null;
            if ($forgery === null || !self::canBeSent($forgery->request)) {
                continue;
            }
            // What is sent again is the request that was accepted.
            $status = $this->send($forgery->before === null ? $forgery->request : $good);
            $results[] = self::result($name, $status, !self::accepts($status), $forgery->meaning);
        }
        $report('');
        return $results;
    }

    /**
     * Good requests in the spellings that the vectors have: names in another letter case, lists in another order, several
     * signatures. Their payloads and targets are nothing for an application.
     *
     * @return iterable<array{array<string, mixed>, SignedRequest}>
     */
    private function spellings(): iterable
    {
        $carriers = new Headers($this->profile->describe()['headers']);
        $plain = current(array_filter($this->vectors, static fn(array $vector): bool => $vector['id'] === 'plain'));
        $request = static fn(array $vector): array => array_intersect_key($vector, array_flip(['key_base64', 'key_id', 'method', 'target', 'payload_base64', 'now']));
        $verifier = new Verifier($this->profile, [$this->key]);
        $sent = [];
        foreach ($plain === false ? [] : $this->vectors as $vector) {
            if ($vector['result'] !== 'valid' || $vector === $plain || $request($vector) !== $request($plain)) {
                continue;
            }
            $good = $this->good();
            $old = self::withHeaders($good, $plain['headers']);
            $texts = [];
            foreach (array_filter(['signature', 'timestamp', 'nonce', 'key_id', 'signed_headers'], $carriers->has(...)) as $field) {
                $texts[$carriers->read($old, $field)] = $carriers->read($good, $field);
            }
            $own = array_change_key_case($this->profile->describe()['headers']);
            $pairs = [];
            foreach ($vector['headers'] as [$name, $value]) {
                $other = array_change_key_case($good->headers)[strtolower($name)] ?? $value;
                $pairs[] = [$name, isset($own[strtolower($name)]) ? strtr($value, $texts) : $other];
            }
            $spelled = self::withHeaders($good, $pairs);
            // What cannot be spelled anew is not sent. Two of one second are the same where nothing else is fresh, and a receiver with a memory refuses the second one.
            $signature = $carriers->read($good, 'signature');
            if (!isset($sent[$signature]) && $verifier->isValid($spelled->headers, $spelled->payload, $spelled->method, $spelled->target)) {
                yield [$vector, $spelled];
                $sent[$signature] = true;
            }
        }
    }

    /** @param list<array{string, string}> $pairs in place of the headers that have the same names, and of those of the contract */
    private static function withHeaders(SignedRequest $request, array $pairs): SignedRequest
    {
        $given = array_map(strtolower(...), array_column($pairs, 0));
        $own = array_map(strtolower(...), array_keys($request->profile->describe()['headers']));
        foreach (array_keys($request->headers) as $name) {
            if (in_array(strtolower($name), [...$given, ...$own], true)) {
                $request = $request->withoutHeader($name);
            }
        }
        foreach ($pairs as [$name, $value]) {
            $request = $request->withHeader($name, $value);
        }
        return $request;
    }

    private function good(): SignedRequest
    {
        $row = $this->profile->describe();
        $payload = $this->payload ?? (in_array(strtoupper($this->method), $row['methodsWithoutPayload'], true) ? '' : sprintf(self::BODY, random_int(1, PHP_INT_MAX)));
        $target = preg_match('/\{url\}|\{canonical_/', $row['stringToSign'] . ($row['canonicalRequest'] ?? '')) === 1
            ? "$this->scheme://$this->host$this->target"
            : $this->target;
        try {
            return SignedRequest::of(
                $this->profile,
                $this->key,
                $payload,
                $this->method,
                $target,
                self::freshNonce($row['nonce']),
                time(),
                $this->headers + ['Content-Type' => 'application/json'],
            );
        } catch (ValueError $error) {
            throw new UsageError('The good request cannot be signed: ' . (explode('): ', $error->getMessage(), 2)[1] ?? $error->getMessage()) . '.');
        }
    }

    /** A receiver with a memory must not know it yet. */
    private static function freshNonce(?string $grammar): ?string
    {
        if ($grammar === 'uuid') {
            return preg_replace('/\A(.{8})(.{4}).(.{3}).(.{3})(.{12})\z/', '$1-$2-4$3-8$4-$5', bin2hex(random_bytes(16)));
        }
        if ($grammar === null || preg_match('/\A\[(.+)\]\{(\d+)(?:,(\d+))?\}\z/', $grammar, $match) !== 1) {
            return $grammar;
        }
        $alphabet = array_values(array_filter(array_map(chr(...), range(33, 126)), static fn(string $character): bool
            => preg_match('#\A[' . strtr($match[1], ['#' => '\#', '[' => '\[']) . ']\z#', $character) === 1));
        $length = max((int) $match[2], min(32, (int) ($match[3] ?? $match[2])));
        return implode('', array_map(static fn(): string => $alphabet[random_int(0, count($alphabet) - 1)], range(1, $length)));
    }

    /** HTTP has texts only. */
    private static function canBeSent(SignedRequest $request): bool
    {
        foreach ($request->headers as $values) {
            foreach ((array) $values as $value) {
                if (!is_string($value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Sends a request as it is, and gives the status. No library, because a library would mend some forgeries. */
    private function send(SignedRequest $request): int
    {
        $transport = $this->scheme === 'https' ? "tls://$this->address" : "tcp://$this->address";
        $connection = @stream_socket_client($transport, $code, $message, self::PATIENCE_SECONDS);
        if ($connection === false) {
            throw new UsageError("Nothing answers at $this->address: " . ($message !== '' ? $message : 'the connection failed') . '.');
        }
        stream_set_timeout($connection, self::PATIENCE_SECONDS);
        $target = preg_replace('~\Ahttps?://[^/?]*~i', '', $request->target);
        $payload = $request->fields === [] ? $request->payload : self::form($request->fields);
        $lines = ["$request->method $target HTTP/1.1"];
        $hasHost = isset(array_change_key_case($request->headers)['host']);
        $headers = ['Content-Length' => (string) strlen($payload), 'Connection' => 'close'] + ($hasHost ? [] : ['Host' => $this->host]);
        foreach ($headers + $request->headers as $name => $values) {
            foreach ((array) $values as $value) {
                $lines[] = "$name: $value";
            }
        }
        fwrite($connection, implode("\r\n", $lines) . "\r\n\r\n$payload");
        $answer = (string) fgets($connection);
        $isLate = stream_get_meta_data($connection)['timed_out'];
        fclose($connection);
        if (preg_match('~\AHTTP/1\.[01] (\d{3})~', $answer, $match) !== 1) {
            throw new UsageError($isLate ? "$this->address does not answer for " . self::PATIENCE_SECONDS . ' seconds.' : "What answers at $this->address is not HTTP.");
        }
        return (int) $match[1];
    }

    /**
     * As a browser sends it. `SignedRequest::withFields()` has named the boundary.
     *
     * @param array<string, string> $fields
     */
    private static function form(array $fields): string
    {
        $body = '';
        foreach ($fields as $name => $value) {
            $body .= "--b\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$value\r\n";
        }
        return "$body--b--\r\n";
    }

    private static function accepts(int $status): bool
    {
        return $status >= 200 && $status < 300;
    }

    /** @return array{name: string, status: int, good: bool, meaning: string} */
    private static function result(string $name, int $status, bool $good, string $meaning): array
    {
        return ['name' => $name, 'status' => $status, 'good' => $good, 'meaning' => $good ? '' : $meaning];
    }
}
