<?php

declare(strict_types=1);

namespace HwSignature\Tests\Support;

use Closure;
use Error;
use Exception;
use HwSignature\Encoding;
use HwSignature\HwSignatureException;
use HwSignature\Key;
use HwSignature\MalformedHeaderException;
use HwSignature\Profile;
use HwSignature\Reason;
use HwSignature\ReplayGuardException;
use HwSignature\SignatureRejectedException;
use HwSignature\Signer;
use HwSignature\TimestampFormat;
use HwSignature\Verifier;

/** A call of every function and method of the extension, for tests that ask the same of all of them. */
final class EntryPoints
{
    private const NOW = 1_700_000_000;

    /** @return array<string, Closure(): mixed> by the name of the function or method, and then perhaps what is special */
    public static function all(): array
    {
        $payload = str_repeat('payload ', 200);
        $target = '/path?b=2&a=1&a=' . str_repeat('x', 300);
        $nonce = str_repeat('n', 128);
        $profile = Profile::named('nextcloud');
        $key = Key::fromBytes('secret', 'client');
        $signer = new Signer($profile, $key);
        $sign = static fn (): array => $signer->sign($payload, 'POST', $target, $nonce, self::NOW);
        $headers = $sign();
        $forged = ['X-NC-SIGNATURE' => base64_encode(str_repeat("\0", 32))] + $headers;
        $malformed = ['X-NC-SIGNATURE' => '?'] + $headers;
        $verifier = new Verifier($profile, [$key]);
        $guarded = static fn (Closure $claim): Verifier => new Verifier($profile, [$key], claim: $claim);
        $claims = $guarded(static fn (string $id, int $ttl): bool => strlen($id) > 0 && $ttl > 0);
        $replayed = $guarded(static fn (): bool => false);
        $unsure = $guarded(static fn (): ?bool => null);
        $broken = $guarded(static fn () => throw new Exception('the store is gone'));
        $verify = static fn (Verifier $verifier, array $headers): Closure
            => static fn () => $verifier->verify($headers, $payload, 'POST', $target, self::NOW);
        $isValid = static fn (Verifier $verifier, array $headers): Closure
            => static fn () => $verifier->isValid($headers, $payload, 'POST', $target, self::NOW);
        $signing = static fn () => $signer->stream('POST', $target, $nonce, self::NOW);
        $verifying = static fn () => $verifier->stream($headers, 'POST', $target, self::NOW);
        $header = 'timestamp=1563105451261; nonce=:; value=E8YKjhFAJp2WJ+XZdXWSGoVyHVkR2BSHWhWTOo9JVXc=';
        $parsed = hw_parse_header($header);
        $arguments = [$payload, 'secret', 'nextcloud', 'POST', $target];
        $received = static fn (array $headers): array => [$headers, ...$arguments, null, self::NOW];
        $diagnosis = hw_diagnose(...$received($headers));
        // The search for a cause takes its time, and no less for a long payload.
        $unexplained = ['X-HMAC-Timestamp' => (string) self::NOW, 'X-HMAC-Signature' => str_repeat('0', 64)];
        $custom = static fn (string $stringToSign) => new Profile(
            'custom',
            $stringToSign,
            ['X-Time' => '{timestamp}', 'X-Signature' => 'v1={signature}'],
            Encoding::Hex,
            TimestampFormat::Seconds,
        );
        $rejection = new SignatureRejectedException('no', 1, null, Reason::Stale);
        $malformation = new MalformedHeaderException('no', 1, null, Reason::MalformedHeader, 7);

        return [
            'hw_sign' => static fn () => hw_sign(...$arguments, key_id: 'client', nonce: $nonce, timestamp: self::NOW),
            'hw_sign on its own' => static fn () => hw_sign($payload, 'secret'),
            'hw_sign empty key' => self::thrown(static fn () => hw_sign($payload, '')),
            'hw_sign wrong type' => self::thrown(static fn () => hw_sign([], 'secret')),
            'hw_verify' => static fn () => hw_verify(...$received($headers)),
            'hw_verify forged' => static fn () => hw_verify(...$received($forged)),
            'hw_verify malformed' => static fn () => hw_verify(...$received($malformed)),
            'hw_verify unknown profile' => self::thrown(static fn () => hw_verify([], '', 'secret', 'none')),
            'hw_parse_header' => static fn () => hw_parse_header($header),
            'hw_parse_header malformed' => self::thrown(static fn () => hw_parse_header("$header;")),
            'hw_diagnose' => static fn () => hw_diagnose(...$received($headers)),
            'hw_diagnose forged' => static fn () => hw_diagnose($unexplained, '', 'secret', 'django'),

            'Key::fromBytes' => static fn () => Key::fromBytes('secret', 'client'),
            'Key::fromBytes empty' => self::thrown(static fn () => Key::fromBytes('')),
            'Key::fromBase64' => static fn () => Key::fromBase64('c2VjcmV0'),
            'Key::fromHex' => static fn () => Key::fromHex('736563726574'),

            'Profile::__construct' => static fn () => $custom('{timestamp}.{payload}'),
            'Profile::__construct ambiguous' => self::thrown(static fn () => $custom('{path}{timestamp}{payload}')),
            'Profile::named' => static fn () => Profile::named('django'),
            'Profile::names' => Profile::names(...),
            'Profile::withEncoding' => static fn () => $profile->withEncoding(Encoding::Hex),
            'Profile::describe' => $profile->describe(...),
            'Profile::fromContract' => static fn () => Profile::fromContract($profile->toContract()),
            'Profile::fromContract refused' => self::thrown(static fn () => Profile::fromContract('{"name":1}')),
            'Profile::toContract' => $profile->toContract(...),

            'Signer::__construct' => static fn () => new Signer($profile, $key),
            'Signer::sign' => $sign,
            'Signer::stream' => $signing,
            'SigningStream::update' => static fn () => $signing()->update($payload),
            'SigningStream::finish' => static function () use ($signing): array {
                $stream = $signing();
                $headers = $stream->finish();
                self::thrown($stream->finish(...))();

                return $headers;
            },

            'Verifier::__construct' => static fn () => new Verifier($profile, [$key, $key], 60, strlen(...)),
            'Verifier::__construct no keys' => self::thrown(static fn () => new Verifier($profile, [])),
            'Verifier::verify' => $verify($verifier, $headers),
            'Verifier::verify claimed' => $verify($claims, $headers),
            'Verifier::verify forged' => self::thrown($verify($verifier, $forged)),
            'Verifier::verify malformed' => self::thrown($verify($verifier, $malformed)),
            'Verifier::verify replayed' => self::thrown($verify($replayed, $headers)),
            'Verifier::verify unsure guard' => self::thrown($verify($unsure, $headers)),
            'Verifier::verify broken guard' => self::thrown($verify($broken, $headers)),
            'Verifier::isValid' => $isValid($verifier, $headers),
            'Verifier::isValid claimed' => $isValid($claims, $headers),
            'Verifier::isValid forged' => $isValid($verifier, $forged),
            'Verifier::isValid broken guard' => self::thrown($isValid($broken, $headers)),
            'Verifier::diagnose' => static fn () => $verifier->diagnose($forged, 'payload', 'POST', '/'),
            'Verifier::stream' => $verifying,
            'Verifier::stream malformed' => self::thrown(static fn () => $verifier->stream($malformed)),
            'VerifyingStream::update' => static fn () => $verifying()->update($payload),
            'VerifyingStream::finish' => static function () use ($verifying, $payload): object {
                $stream = $verifying();
                $stream->update($payload);

                return $stream->finish();
            },
            'VerifyingStream::finish forged' => self::thrown(static fn () => $verifying()->finish()),

            'SignatureHeader::digest' => $parsed->digest(...),
            'SignatureHeader::__toString' => $parsed->__toString(...),
            'Diagnosis::__toString' => $diagnosis->__toString(...),

            'ReplayGuardException::__construct' => static fn () => new ReplayGuardException('no', 0, null, ['id']),
            'SignatureRejectedException::__construct' => static fn () => new SignatureRejectedException('no'),
            'SignatureRejectedException::getReason' => $rejection->getReason(...),
            'MalformedHeaderException::__construct' => static fn () => new MalformedHeaderException('no'),
            'MalformedHeaderException::getReason' => $malformation->getReason(...),
            'MalformedHeaderException::getOffset' => $malformation->getOffset(...),
        ];
    }

    /** A call that has to throw; what it throws is the result. */
    private static function thrown(Closure $call): Closure
    {
        return static function () use ($call): object {
            try {
                $call();
            } catch (HwSignatureException | Error $thrown) {
                return $thrown;
            }
            throw new Exception('Nothing was thrown.');
        };
    }
}
