<?php

declare(strict_types=1);

namespace HwSignature\Testing;

use HwSignature\Key;
use HwSignature\Profile;
use HwSignature\Signer;

/**
 * Every way in which a good request can be made bad. A receiver that accepts one of them has forgotten something.
 *
 *     public static function forgeries(): array
 *     {
 *         return Forgeries::of(SignedRequest::of('django', Key::fromBytes('the key of the tests')));
 *     }
 *
 * `AssertsForgeries` sends them all in one test. Which there are depends on the contract: where it signs no path, another
 * path is no forgery.
 */
final class Forgeries
{
    private const DAY_SECONDS = 86_400;

    /** @var array<string, array{Forgery}> */
    private array $made = [];

    /** @var array<string, mixed> the row of the profile */
    private readonly array $row;

    private readonly Headers $carriers;
    private readonly Digest $digest;

    private function __construct(private readonly SignedRequest $good)
    {
        $this->row = $good->profile->describe();
        $this->carriers = new Headers($this->row['headers']);
        $this->digest = Digest::ofText($this->carriers->read($good, 'signature'), $this->row['encoding']);
    }

    /**
     * Makes the forgeries of a good request. Those that are to be sent after the good one come last.
     *
     * @return array<string, array{Forgery}> by name, as a data provider has to give them
     */
    public static function of(SignedRequest $good): array
    {
        $forgeries = new self($good);
        $forgeries->payloads();
        $forgeries->keys();
        $forgeries->times();
        $forgeries->headers();
        $forgeries->requests();
        $forgeries->signatures();
        $forgeries->add('replayed', $good, 'It has no memory: whoever records a request can send it again.', $good);

        return $forgeries->made;
    }

    private function payloads(): void
    {
        $payload = $this->good->payload;
        $unsigned = 'It does not verify the payload, byte for byte.';
        if ($payload !== '') {
            $changed = substr_replace($payload, chr(ord($payload[-1]) ^ 1), -1, 1);
            $this->add('payload changed', $this->good->withPayload($changed), $unsigned);
            $this->add('payload truncated', $this->good->withPayload(substr($payload, 0, -1)), $unsigned);
            $this->add('payload taken away', $this->good->withPayload(''), $unsigned);
        }
        $this->add('payload extended', $this->good->withPayload("$payload\n"), $unsigned);
        $json = json_decode($payload);
        $written = json_encode($json, JSON_PRETTY_PRINT);
        if (is_object($json) && $written !== $payload) {
            $meaning = 'It verifies what it has decoded and encoded again, and not the bytes that came.';
            $this->add('payload written otherwise', $this->good->withPayload((string) $written), $meaning);
        }
        $this->add(
            'payload moved into a form',
            $this->signed('')->withFields(['event' => 'forged']),
            'PHP takes multipart/form-data apart, so that php://input is empty; then $_POST has what nobody has signed. A '
            . 'receiver that never looks at $_POST may leave this out.',
        );
    }

    private function keys(): void
    {
        $other = $this->signed($this->good->payload, Key::fromBytes('another key', $this->good->key->id));
        $this->add('signed with another key', $other, 'It does not verify the signature.');
        // HMAC fills a key up with zeros.
        $empty = $this->signed($this->good->payload, Key::fromBytes("\0", $this->good->key->id));
        $this->add('signed with an empty key', $empty, 'Its key is empty: the configuration was not found.');
        if ($this->carriers->has('key_id')) {
            $other = static fn (): string => 'somebody-else';
            $this->replace('key id of somebody else', 'key_id', $other, 'It takes any key for any key id.');
        }
    }

    private function times(): void
    {
        if (!$this->carriers->has('timestamp')) {
            return;
        }
        $stale = $this->signed($this->good->payload, now: $this->good->now - self::DAY_SECONDS);
        $early = $this->signed($this->good->payload, now: $this->good->now + self::DAY_SECONDS);
        $window = 'It does not look at the timestamp, or allows a day.';
        $this->add('stale', $stale, $window);
        $this->add('from the future', $early, $window);
        $old = $this->carriers->read($stale, 'signature');
        $meaning = 'It does not verify the timestamp that it looks at.';
        $this->replace('timestamp refreshed', 'signature', static fn (): string => $old, $meaning);
        foreach (['0%s', '+%s', '%s.0', '%sx'] as $format) {
            $this->replace(
                'timestamp spelled ' . sprintf("\"$format\"", '…'),
                'timestamp',
                static fn (string $timestamp): string => sprintf($format, $timestamp),
                'It verifies the number that it has made of the timestamp, and not the text that came.',
            );
        }
    }

    private function headers(): void
    {
        $signatureHeader = $this->carriers->nameOf('signature');
        $otherDigest = $this->digest->withFlippedBit(0)->text();
        $flipped = $this->carriers->replace($this->good, 'signature', static fn (): string => $otherDigest);
        foreach ($this->carriers->names() as $name) {
            $value = $this->good->headers[$name];
            if ($this->carriers->onlyRepeats($name)) {
                continue;
            }
            $this->add("$name missing", $this->good->withoutHeader($name), "It does without $name.");
            $this->add("$name empty", $this->good->withHeader($name, ''), "It does without $name.");
            if ($this->carriers->mayHaveMore($name)) {
                continue;
            }
            $other = $name === $signatureHeader ? $flipped->headers[$name] : strrev("{$value}x");
            $meaning = "It picks one of two: whatever reads $name next may pick the other one.";
            $this->add("$name twice", $this->good->withHeader($name, [$value, $value]), $meaning);
            $this->add("$name twice, forged first", $this->good->withHeader($name, [$other, $value]), $meaning);
            $this->add("$name twice, forged last", $this->good->withHeader($name, [$value, $other]), $meaning);
        }
        $bare = $this->good;
        foreach ($this->carriers->names() as $name) {
            $bare = $bare->withoutHeader($name);
        }
        $this->add('not signed', $bare, 'It lets a request through that has no signature.');
        if ($this->carriers->has('nonce')) {
            $change = static fn (string $nonce): string => substr_replace($nonce, $nonce[-1] === '1' ? '2' : '1', -1, 1);
            $meaning = 'It does not verify the nonce, and so has no replay protection.';
            $this->replace('nonce changed', 'nonce', $change, $meaning);
        }
    }

    private function requests(): void
    {
        $template = $this->row['stringToSign'] . ($this->row['canonicalRequest'] ?? '');
        preg_match_all('/\{([^}]+)\}/', $template, $signed);
        $signs = static fn (string ...$fields): bool => array_intersect($fields, $signed[1]) !== [];
        if ($signs('method')) {
            $method = $this->good->method === 'PUT' ? 'DELETE' : 'PUT';
            $this->add('another method', $this->good->withMethod($method), 'It does not verify the method that came.');
            if ($this->good->method === 'POST') {
                $this->add(
                    'another method asked for',
                    $this->good->withHeader('X-HTTP-Method-Override', 'DELETE'),
                    'Symfony, Laravel and others then act on DELETE, and what was verified is POST. A receiver whose router '
                    . 'does not may leave this out.',
                );
            }
        }
        [$path, $query] = explode('?', $this->good->target, 2) + [1 => ''];
        $tail = $query === '' ? '' : "?$query";
        if ($signs('path', 'canonical_path', 'target', 'url')) {
            $other = $this->good->withTarget(rtrim($path, '/') . "/admin$tail");
            $this->add('another path', $other, 'It does not verify the path that came.');
        }
        if ($signs('query', 'canonical_query', 'target', 'url')) {
            $meaning = 'It does not verify the query that came.';
            $more = $tail === '' ? '?admin=1' : "$tail&admin=1";
            $this->add('a parameter more', $this->good->withTarget("$path$more"), $meaning);
            if ($tail !== '') {
                $this->add('no query', $this->good->withTarget($path), $meaning);
            }
        }
        $others = [...preg_filter('/^header:/', '', $signed[1]), ...$this->row['signedHeaders']];
        foreach (array_keys(array_diff_key($this->good->headers, $this->row['headers'])) as $name) {
            if (in_array(strtolower($name), array_map(strtolower(...), $others), true)) {
                $this->add("another $name", $this->good->withHeader($name, 'forged.example'), "It does not verify $name.");
            }
        }
    }

    private function signatures(): void
    {
        $digest = $this->digest;
        $payload = $this->good->payload;
        $whole = 'It does not compare the whole signature.';
        $alone = 'It does not verify all that the contract signs.';
        $texts = [
            'signature of zeros' => [$digest->with(str_repeat("\0", 32))->text(), 'It does not compare the signature.'],
            'signature with its first bit flipped' => [$digest->withFlippedBit(7)->text(), $whole],
            'signature with its last bit flipped' => [$digest->withFlippedBit(248)->text(), $whole],
            'signature of half its length' => [$digest->with(substr($digest->bytes, 0, 16))->text(), $whole],
            'signature without its last character' => [substr($digest->text(), 0, -1), $whole],
            'signature with a character more' => [$digest->text() . '0', $whole],
            'signature of the payload alone' => [$this->signatureUnder('{payload}', $payload), $alone],
            'signature of another contract' => [$this->signatureUnder('v0:{payload}', $payload), $alone],
            'signature of an empty payload' => [
                $this->carriers->read($this->signed(''), 'signature'),
                'It reads an empty body: php://input was read already, or belongs to a form.',
            ],
            'hash without a key' => [
                $digest->with(hash('sha256', $payload, true))->text(),
                'It uses no key: anybody can make such a signature.',
            ],
            'signature in another encoding' => [
                $digest->inAnotherEncoding(),
                'It takes a signature in more than one encoding.',
            ],
        ];
        foreach ($digest->decodedLeniently() as $how => $text) {
            $texts["signature $how"] = [$text, 'It decodes leniently: one signature has many texts then.'];
        }
        foreach ($texts as $name => [$text, $meaning]) {
            if ($text !== $digest->text()) {
                $this->replace($name, 'signature', static fn (): string => $text, $meaning);
            }
        }
        $this->add(
            'signature that is true and no text',
            $this->good->withHeader($this->carriers->nameOf('signature'), true),
            'It compares with ==, and true is equal to every text. Headers that come as JSON can hold it.',
        );
    }

    private function add(string $name, SignedRequest $request, string $meaning, ?SignedRequest $before = null): void
    {
        $this->made[$name] = [new Forgery($name, $request, $meaning, $before)];
    }

    /** @param \Closure(string): string $change */
    private function replace(string $name, string $field, \Closure $change, string $meaning): void
    {
        $this->add($name, $this->carriers->replace($this->good, $field, $change), $meaning);
    }

    /** The good request with another payload, key or time, signed as it has to be. */
    private function signed(string $payload, ?Key $key = null, ?int $now = null): SignedRequest
    {
        $good = $this->good;
        $others = array_diff_key($good->headers, $this->row['headers']);

        return SignedRequest::of(
            $good->profile,
            $key ?? $good->key,
            $payload,
            $good->method,
            $good->target,
            $this->carriers->has('nonce') ? $this->carriers->read($good, 'nonce') : null,
            $now ?? $good->now,
            $others,
        );
    }

    private function signatureUnder(string $stringToSign, string $payload): string
    {
        $profile = new Profile('other', $stringToSign, ['Signature' => '{signature}'], $this->row['encoding']);

        return (new Signer($profile, $this->good->key))->sign($payload)['Signature'];
    }
}
