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
     * Signs a payload.
     *
     * @param array<string, string> $stamp
     *
     * @return array<string, string> the headers
     *
     * @throws Refusal
     */
    public static function run(
        Contract $contract,
        #[\SensitiveParameter] Key|string $key,
        Request $request,
        string $payload,
        array $stamp,
    ): array {
        if ($payload !== '' && !$contract->signsPayload($request->method())) {
            throw self::unsignedPayload('payload');
        }
        [$before, $after] = $contract->stringToSign->around(self::values($contract, $request, $stamp));
        $text = $before . $contract->stringToSign->payload($payload) . $after;
        $digest = hash_hmac('sha256', $text, is_string($key) ? $key : KeyBytes::of($key), true);
        return self::headers($contract, $digest, $stamp);
    }

    /** @throws Refusal */
    public static function request(string $method, string $target): Request
    {
        try {
            return Request::parse($method, $target);
        } catch (RequestError $error) {
            throw $error->refusal();
        }
    }

    /**
     * What goes into the string to sign, by the name of the field.
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
            return $stamp + $contract->stringToSign->valuesOf($request);
        } catch (RequestError $error) {
            throw $error->refusal();
        }
    }

    /**
     * The headers that carry a digest.
     *
     * @param array<string, string> $stamp
     *
     * @return array<string, string>
     */
    public static function headers(Contract $contract, string $digest, array $stamp): array
    {
        $values = $stamp + ['signature' => Digest::encode($digest, $contract->encoding)];
        $headers = [];
        foreach ($contract->headers as $header) {
            $headers[$header->name] = $header->write($values);
        }
        return $headers;
    }

    public static function unsignedPayload(string $parameter): Refusal
    {
        return new Refusal($parameter, 'must be empty, because the profile signs no payload for this method');
    }
}
