<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Key;

/**
 * Signing: from a payload to the headers that are sent with it.
 *
 * @internal
 */
final class Signing
{
    /**
     * Chooses the keys that a request is signed with, one signature for each: equal keys once.
     *
     * @param array<Key> $keys
     *
     * @return list<Key>
     *
     * @throws Refusal when there is none, when one cannot be named as the contract names it, and when they are more than the
     *     signatures that the contract's headers may carry
     */
    public static function keys(Contract $contract, array $keys): array
    {
        $sendsId = $contract->sends(Field::KeyId);
        $chosen = [];
        $first = reset($keys);
        foreach ($keys as $key) {
            if ($sendsId && $key->id === null) {
                throw new Refusal('keys', 'must have an id, because the profile sends one');
            }
            if ($sendsId && !$contract->canSendKeyId($key->id)) {
                $message = 'must have an id without " and \\, because the profile puts it between quotation marks';
                throw new Refusal('keys', $message);
            }
            if ($sendsId && $key->id !== $first->id) {
                throw new Refusal('keys', 'must all have the same id, because the profile sends one');
            }
            $chosen += [$key->fingerprint => $key];
        }
        $places = $contract->maxSignatures();
        if ($chosen === [] || count($chosen) > $places) {
            throw new Refusal('keys', match (true) {
                $chosen === [] => 'must not be empty',
                $places === 1 => 'must be one key, because the profile sends one signature',
                default => "must be at most $places keys, because the profile sends at most $places signatures",
            });
        }
        return array_values($chosen);
    }

    /**
     * Signs a payload with every key.
     *
     * @param list<Key|string> $keys
     * @param array<string, string> $stamp
     *
     * @return array<string, string> the headers
     *
     * @throws Refusal
     */
    public static function run(
        Contract $contract,
        #[\SensitiveParameter] array $keys,
        Request $request,
        string $payload,
        array $stamp,
    ): array {
        if ($payload !== '' && !$contract->signsPayload($request->method())) {
            throw self::unsignedPayload('payload');
        }
        $values = self::values($contract, $request, $stamp);
        $digests = Secret::digests($keys, $contract->stringToSign->pieces($values, $payload));
        return self::headers($contract, $digests, $values);
    }

    /** @throws Refusal */
    public static function request(?string $method, ?string $target): Request
    {
        try {
            return Request::parse($method ?? 'POST', $target ?? '/');
        } catch (RequestError $error) {
            throw $error->refusal();
        }
    }

    /**
     * The request with its other headers, where the contract signs some.
     *
     * @param array<mixed> $headers
     */
    public static function with(Contract $contract, Request $request, array $headers): Request
    {
        return $contract->stringToSign->signsHeaders
            ? $request->withHeaders(RequestHeaders::of($headers), '')
            : $request;
    }

    /**
     * What goes into the string to sign and into the headers, by the name of the field.
     *
     * @param array<string, string> $stamp
     *
     * @return array<string, string>
     *
     * @throws Refusal
     */
    public static function values(Contract $contract, Request $request, array $stamp): array
    {
        try {
            if ($contract->stringToSign->signsHeaders) {
                $request = self::complete($contract, $request, $stamp);
            }
            return $stamp + $contract->stringToSign->valuesOf($request, $contract->signedHeaders);
        } catch (RequestError $error) {
            throw $error->refusal();
        }
    }

    /**
     * Adds the headers that signing writes, and the list of those that are signed.
     *
     * @param array<string, string> $stamp
     *
     * @throws RequestError
     */
    private static function complete(Contract $contract, Request $request, array $stamp): Request
    {
        $entries = $request->headers->entries;
        $given = array_column($entries, 0);
        foreach ($given as $name) {
            foreach ($contract->headers as $header) {
                if (RequestHeaders::isSpelling($name, strtolower($header->name))) {
                    throw RequestError::ownHeader($name);
                }
            }
        }
        foreach ($contract->headers as $header) {
            if (!$header->hasSignature) {
                $entries[] = [$header->name, $header->write($stamp + ['signed_headers' => ''], [])];
            }
        }
        $hasHost = array_filter($given, static fn (string $name): bool => RequestHeaders::isSpelling($name, 'host')) !== [];
        $host = $hasHost ? null : $request->host();
        if ($host !== null) {
            $entries[] = ['host', $host];
        }
        $list = $contract->signedHeadersText();
        if ($contract->sends(Field::SignedHeaders)) {
            // One that is given twice stays twice, and is refused.
            $more = array_diff(array_map(strtolower(...), $given), $contract->signedHeaders);
            $names = [...$contract->signedHeaders, ...array_values($more)];
            sort($names, SORT_STRING);
            $list = implode(';', $names);
        }
        return $request->withHeaders(new RequestHeaders($entries), $list);
    }

    /**
     * The headers. The signatures are spread over them in order, and a header for which none is left is not sent.
     *
     * @param list<string> $digests
     * @param array<string, string> $values by the name of the field
     *
     * @return array<string, string>
     */
    public static function headers(Contract $contract, array $digests, array $values): array
    {
        $signatures = array_map(
            static fn (string $digest): string => Digest::encode($digest, $contract->encoding),
            $digests,
        );
        $headers = [];
        foreach ($contract->headers as $header) {
            if (!$header->hasSignature || $signatures !== []) {
                $headers[$header->name] = $header->write($values, array_splice($signatures, 0, $header->maxSignatures));
            }
        }
        return $headers;
    }

    public static function unsignedPayload(string $parameter): Refusal
    {
        return new Refusal($parameter, 'must be empty, because the profile signs no payload for this method');
    }
}
