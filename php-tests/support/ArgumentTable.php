<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use HwSignature\Encoding;
use HwSignature\Key;
use HwSignature\MalformedHeaderException;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;

/**
 * Everything that can be called, with arguments that it takes.
 */
final class ArgumentTable
{
    /**
     * Name => something to call (a class stands for its constructor), and all of its arguments.
     *
     * @return array<string, array{\Closure|class-string, list<mixed>}>
     */
    public static function callables(): array
    {
        $payload = '{"a":1}';
        $uuid = '0190c4d2-6f3a-7b1e-8c55-2d9e4f6a7b80';
        $nonce = str_repeat('n', 64);
        $key = Key::fromBytes('secret', 'client-7');
        $django = Profile::named('django');
        $nextcloud = Profile::named('nextcloud');
        $signer = new Signer($nextcloud, $key);
        $verifier = new Verifier($django, [$key]);
        $headers = (new Signer($django, $key))->sign($payload, timestamp: 1800000000);
        $header = hw_parse_header('timestamp=1;nonce=:;value=' . base64_encode(str_repeat('d', 32)));
        $custom = [
            'custom', "{method}\n{timestamp}\n{nonce}\n{canonical_request_sha256}", ['X-S' => 't={timestamp},n={nonce},v1={signature}'],
            Encoding::Hex, TimestampFormat::Seconds, 60, 'uuid', ['GET'], false, '{canonical_headers}{payload_sha256}', ['host'], 10,
        ];

        return (Implementation::isLibrary() ? [] : self::diagnosis($verifier, $headers, $payload)) + [
            'hw_sign' => [hw_sign(...), [$payload, 'secret', 'nextcloud', 'POST', '/a?b=c', 'id', $uuid, 1800000000, ['Host' => 'h']]],
            'hw_verify' => [hw_verify(...), [$headers, $payload, 'secret', 'django', 'POST', '/', 60, 1800000000]],
            'hw_parse_header' => [hw_parse_header(...), [(string) $header]],

            'HwSignature\MalformedHeaderException::__construct'
                => [MalformedHeaderException::class, ['message', 7, new \Exception(), Reason::Stale, 3]],
            'HwSignature\MalformedHeaderException::getReason' => [(new MalformedHeaderException())->getReason(...), []],
            'HwSignature\MalformedHeaderException::getOffset' => [(new MalformedHeaderException())->getOffset(...), []],
            'HwSignature\SignatureRejectedException::__construct'
                => [SignatureRejectedException::class, ['message', 7, new \Exception(), Reason::Stale]],
            'HwSignature\SignatureRejectedException::getReason'
                => [(new SignatureRejectedException())->getReason(...), []],

            'HwSignature\ReplayGuardException::__construct'
                => [ReplayGuardException::class, ['message', 7, new \Exception(), [str_repeat('0', 64)]]],

            'HwSignature\SignatureHeader::digest' => [$header->digest(...), []],
            'HwSignature\SignatureHeader::__toString' => [$header->__toString(...), []],

            'HwSignature\Key::fromBytes' => [Key::fromBytes(...), ['secret', 'id']],
            'HwSignature\Key::fromBase64' => [Key::fromBase64(...), ['c2VjcmV0', 'id']],
            'HwSignature\Key::fromHex' => [Key::fromHex(...), ['736563726574', 'id']],

            'HwSignature\Profile::named' => [Profile::named(...), ['django']],
            'HwSignature\Profile::names' => [Profile::names(...), []],
            'HwSignature\Profile::fromContract' => [Profile::fromContract(...), [$django->toContract()]],
            'HwSignature\Profile::toContract' => [$django->toContract(...), []],
            'HwSignature\Profile::withEncoding' => [$django->withEncoding(...), [Encoding::Base64]],
            'HwSignature\Profile::describe' => [$django->describe(...), []],
            'HwSignature\Profile::__construct' => [Profile::class, $custom],

            'HwSignature\Signer::__construct' => [Signer::class, [$django, $key, time(...)]],
            'HwSignature\Signer::sign' => [$signer->sign(...), [$payload, 'POST', '/a?b=c', $nonce, 1800000000, ['Host' => 'h']]],
            'HwSignature\Signer::stream' => [$signer->stream(...), ['POST', '/a?b=c', $nonce, 1800000000, ['Host' => 'h']]],
            'HwSignature\SigningStream::update' => [$signer->stream('POST', '/')->update(...), ['bytes']],
            'HwSignature\SigningStream::finish' => [$signer->stream('POST', '/')->finish(...), []],

            'HwSignature\Verifier::__construct'
                => [Verifier::class, [$django, [$key], 60, static fn (string $id, int $ttl): bool => true, time(...)]],
            'HwSignature\Verifier::verify' => [$verifier->verify(...), [$headers, $payload, 'POST', '/', 1800000000]],
            'HwSignature\Verifier::isValid' => [$verifier->isValid(...), [$headers, $payload, 'POST', '/', 1800000000]],
            'HwSignature\Verifier::stream' => [$verifier->stream(...), [$headers, 'POST', '/', 1800000000]],
            'HwSignature\VerifyingStream::update'
                => [$verifier->stream($headers, now: 1800000000)->update(...), ['bytes']],
            'HwSignature\VerifyingStream::finish'
                => [self::fed($verifier->stream($headers, now: 1800000000), $payload)->finish(...), []],
        ];
    }

    /**
     * Name => reflection, for everything public that the extension itself defines.
     *
     * @return array<string, \ReflectionFunctionAbstract>
     */
    public static function reflection(): array
    {
        $callables = [];
        foreach (Implementation::functions() as $function) {
            $callables[$function->getName()] = $function;
        }
        foreach (Implementation::classes() as $class) {
            foreach ($class->isEnum() ? [] : $class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->class === $class->getName() && !Implementation::isPlumbing($method)) {
                    $callables["{$method->class}::{$method->getName()}"] = $method;
                }
            }
        }
        return $callables;
    }

    /**
     * @param array<string, string> $headers
     *
     * @return array<string, array{\Closure, list<mixed>}>
     */
    private static function diagnosis(Verifier $verifier, array $headers, string $payload): array
    {
        return [
            'hw_diagnose' => [hw_diagnose(...), [$headers, $payload, 'secret', 'django', 'POST', '/', 60, 1800000000]],
            'HwSignature\Verifier::diagnose' => [$verifier->diagnose(...), [$headers, $payload, 'POST', '/', 1800000000]],
            'HwSignature\Diagnosis::__toString' => [hw_diagnose([], '', 'secret')->__toString(...), []],
        ];
    }

    private static function fed(\HwSignature\VerifyingStream $stream, string $payload): \HwSignature\VerifyingStream
    {
        $stream->update($payload);
        return $stream;
    }
}
