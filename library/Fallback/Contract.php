<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Encoding;
use HwSignature\Profile;
use HwSignature\TimestampFormat;

use function count;
use function in_array;
use function is_array;
use function is_string;
use function strlen;

/**
 * Everything two servers must agree on, checked and taken apart.
 *
 * @internal
 */
final class Contract
{
    private const MAX_HEADERS = 8;
    private const DEFAULT_TOLERANCE = 300;

    /** @var \WeakMap<self, array<string, string|null>>|null words, which make no two contracts differ */
    private static ?\WeakMap $about = null;
    /** @var \WeakMap<Profile, self>|null */
    private static ?\WeakMap $ofProfiles = null;

    /** The short way of verifying, where there is one. */
    public readonly ?Express $express;

    /**
     * @param list<HeaderTemplate> $headers
     * @param list<string> $methodsWithoutPayload in upper case
     */
    private function __construct(
        public readonly string $name,
        public readonly StringToSign $stringToSign,
        public readonly array $headers,
        public readonly HeaderNames $names,
        public readonly Encoding $encoding,
        public readonly ?Timestamp $timestamp,
        /** In seconds; null without a timestamp. */
        public readonly ?int $tolerance,
        public readonly ?string $nonceGrammar,
        public readonly ?Nonce $nonce,
        public readonly array $methodsWithoutPayload,
        public readonly bool $isAmbiguous,
        /** @var list<string> the headers that must be signed, in lower case */
        public readonly array $signedHeaders,
    ) {
    }

    /**
     * Checks a row.
     *
     * @param array<string, string> $headers
     * @param list<string> $methodsWithoutPayload
     * @param array<string, string|null> $about title, source, and what the payload is
     *
     * @throws Refusal
     */
    public static function of(
        string $name,
        string $stringToSign,
        array $headers,
        Encoding $encoding,
        ?TimestampFormat $timestampFormat,
        ?int $tolerance,
        ?string $nonce,
        array $methodsWithoutPayload,
        bool $ambiguous,
        ?string $canonicalRequest,
        array $signedHeaders,
        ?int $timestampDigits,
        array $about = [],
    ): self {
        if (preg_match('/\A[a-z0-9-]{1,64}\z/', $name) !== 1) {
            throw new Refusal('name', 'must be 1 to 64 characters of a-z, 0-9 and -');
        }
        $grammar = $nonce === null ? null : Nonce::parse($nonce) ?? throw new Refusal(
            'nonce',
            'must be "uuid", a set with a length such as "[A-Za-z0-9]{8,128}", or the one text that is sent',
        );
        if ($tolerance !== null && $tolerance > Freshness::MAX_TOLERANCE) {
            throw self::wrongTolerance();
        }
        $templates = implode("\n", $headers);
        if ($grammar === null && str_contains($templates, Field::Nonce->inBraces())) {
            throw self::wrongNull('nonce', true, Field::Nonce);
        }
        if ($timestampFormat === null && str_contains($templates, Field::Timestamp->inBraces())) {
            throw self::wrongNull('timestampFormat', true, Field::Timestamp);
        }
        $stringToSign = StringToSign::parse($stringToSign, $canonicalRequest);
        $grammars = self::grammars($stringToSign, $grammar, $timestampFormat, $timestampDigits);
        $templates = self::parseHeaders($headers, $grammars);
        $contract = new self(
            name: $name,
            stringToSign: $stringToSign,
            headers: $templates,
            names: HeaderNames::of(array_column($templates, 'name')),
            encoding: $encoding,
            timestamp: $grammars->timestamp,
            tolerance: $timestampFormat === null ? null : $tolerance ?? self::DEFAULT_TOLERANCE,
            nonceGrammar: $nonce,
            nonce: $grammar,
            methodsWithoutPayload: self::parseMethods($methodsWithoutPayload),
            isAmbiguous: $ambiguous,
            signedHeaders: array_values($signedHeaders),
        );
        $contract->check($tolerance);
        return $contract->completed($about);
    }

    /** The contract of a built-in profile; null when there is none of that name. */
    public static function named(string $name): ?self
    {
        static $rows = null;
        static $contracts = [];
        if (!isset($contracts[$name])) {
            $rows ??= require __DIR__ . '/profiles.php';
            if (!isset($rows[$name])) {
                return null;
            }
            $contracts[$name] = self::of(...$rows[$name]);
        }
        return $contracts[$name];
    }

    public static function ofProfile(Profile $profile): self
    {
        self::$ofProfiles ??= new \WeakMap();
        return self::$ofProfiles[$profile] ??= \Closure::bind(static fn (): Contract => $profile->contract, null, Profile::class)();
    }

    /** @return list<string> the names of the built-in profiles */
    public static function names(): array
    {
        return array_keys(require __DIR__ . '/profiles.php');
    }

    public static function wrongTolerance(): Refusal
    {
        return new Refusal('tolerance', 'must be between 0 and ' . Freshness::MAX_TOLERANCE);
    }

    /** The same contract with the digest written otherwise. */
    public function withEncoding(Encoding $encoding): self
    {
        $properties = get_object_vars($this);
        $properties['encoding'] = $encoding;
        unset($properties['express']);
        return (new self(...$properties))->completed($this->about());
    }

    /** @return array<string, mixed> the row, by the names of the constructor's parameters */
    public function describe(): array
    {
        return [
            'name' => $this->name,
            'stringToSign' => $this->stringToSign->text,
            'headers' => array_column($this->headers, 'text', 'name'),
            'encoding' => $this->encoding,
            'timestampFormat' => $this->timestamp?->format,
            'tolerance' => $this->tolerance,
            'nonce' => $this->nonceGrammar,
            'methodsWithoutPayload' => $this->methodsWithoutPayload,
            'ambiguous' => $this->isAmbiguous,
            'canonicalRequest' => $this->stringToSign->canonicalRequest,
            'signedHeaders' => $this->signedHeaders,
            'timestampDigits' => $this->timestamp?->digits,
        ];
    }

    /** @return array<string, string|null> title, source, and what the payload is, for people */
    public function about(): array
    {
        $isBuiltIn = self::named($this->name) === $this;
        return self::$about[$this] ?? ($isBuiltIn ? (require __DIR__ . '/about.php')[$this->name] : []);
    }

    /** @param array<string, string|null> $about */
    private function completed(array $about): self
    {
        if ($about !== []) {
            self::$about ??= new \WeakMap();
            self::$about[$this] = $about;
        }
        $this->express = Express::of($this);
        return $this;
    }

    /** Whether a header carries the field. */
    public function sends(Field $field): bool
    {
        foreach ($this->headers as $header) {
            if (in_array($field, $header->fields, true)) {
                return true;
            }
        }
        return false;
    }

    /** Whether several headers carry a signature, so that all but one of them may be missing. */
    public function hasSeveralSignatureHeaders(): bool
    {
        return count(array_filter(array_column($this->headers, 'hasSignature'))) > 1;
    }

    /** How many signatures the headers may carry. */
    public function maxSignatures(): int
    {
        return array_sum(array_column($this->headers, 'maxSignatures'));
    }

    /** Whether a key id can stand where the headers have one. */
    public function canSendKeyId(string $id): bool
    {
        foreach ($this->headers as $header) {
            if (!$header->canSendKeyId($id)) {
                return false;
            }
        }
        return true;
    }

    /** The headers that must be signed as a list, sorted. */
    public function signedHeadersText(): string
    {
        $names = $this->signedHeaders;
        sort($names, SORT_STRING);
        return implode(';', $names);
    }

    /** Whether a list of signed headers has those that must be signed, and none that has the signature itself. */
    public function takesSignedHeaders(string $list): bool
    {
        $names = RequestHeaders::parseList($list);
        return $names !== null && array_diff($this->signedHeaders, $names) === [] && !$this->haveSignature($names);
    }

    /** Whether a payload may come with the method. */
    public function signsPayload(string $method): bool
    {
        return $this->methodsWithoutPayload === [] || !in_array($method, $this->methodsWithoutPayload, true);
    }

    /**
     * What nonce and timestamp may be. The number of digits is fixed where the row asks for it, and where only that keeps
     * the string to sign from being ambiguous.
     */
    private static function grammars(
        StringToSign $stringToSign,
        ?Nonce $nonce,
        ?TimestampFormat $format,
        ?int $digits,
    ): Grammars {
        $timestamp = $format === null ? null : new Timestamp($format);
        $any = new Grammars($nonce, $timestamp);
        $fixed = new Grammars($nonce, $timestamp?->withFixedDigits());
        if ($digits !== null && $digits !== $fixed->timestamp?->digits) {
            throw self::wrongDigits();
        }
        $needsFixed = $digits === null && $fixed->timestamp !== null
            && $stringToSign->ambiguity($any) !== null && $stringToSign->ambiguity($fixed) === null;
        return $digits !== null || $needsFixed ? $fixed : $any;
    }

    public static function wrongDigits(): Refusal
    {
        $message = 'must be null, or 10 for a timestamp in seconds, or 13 for one in milliseconds';
        return new Refusal('timestampDigits', $message);
    }

    private function check(?int $tolerance): void
    {
        $carried = array_merge(...array_column($this->headers, 'fields'));
        if (!in_array(Field::Signature, $carried, true)) {
            throw new Refusal('headers', 'must have {signature}');
        }
        $this->checkSignatureHeaders();
        foreach ([Field::Timestamp, Field::Nonce, Field::KeyId] as $field) {
            if ($this->stringToSign->has($field) && !in_array($field, $carried, true)) {
                $message = "must carry {$field->inBraces()}, because the string to sign has it and a receiver could not know it";
                throw new Refusal('headers', $message);
            }
        }
        $hasTimestamp = in_array(Field::Timestamp, $carried, true);
        if (!$hasTimestamp && $this->timestamp !== null) {
            throw self::wrongNull('timestampFormat', false, Field::Timestamp);
        }
        if (!$hasTimestamp && $tolerance !== null) {
            throw self::wrongNull('tolerance', false, Field::Timestamp);
        }
        if ($this->nonce !== null && !in_array(Field::Nonce, $carried, true)) {
            throw self::wrongNull('nonce', false, Field::Nonce);
        }
        // A timestamp or a nonce that is sent and not signed protects nothing: anybody can change it.
        foreach ([Field::Timestamp, Field::Nonce, Field::SignedHeaders] as $field) {
            if (in_array($field, $carried, true) && !$this->stringToSign->has($field)) {
                $message = "must have {$field->inBraces()}, because a header carries it and it would not be protected";
                throw new Refusal('stringToSign', $message);
            }
        }
        if ($this->methodsWithoutPayload !== [] && !$this->stringToSign->signsMethod) {
            throw new Refusal(
                'methodsWithoutPayload',
                'must be empty, because the string to sign has no {method}, so that anybody could change it and leave the '
                    . 'payload out',
            );
        }
        $this->checkSignedHeaders();
        $ambiguity = $this->isAmbiguous ? null : $this->stringToSign->ambiguity(new Grammars($this->nonce, $this->timestamp));
        if ($ambiguity !== null) {
            [$first, $second, $isCanonical] = $ambiguity;
            throw new Refusal(
                $isCanonical ? 'canonicalRequest' : 'stringToSign',
                "is ambiguous: $first and $second can trade bytes and give the same string to "
                    . 'sign; put a separator between them that cannot occur in one of them, or pass ambiguous: true',
            );
        }
    }

    /**
     * Of several headers with a signature, all but one may be missing, so that what they carry besides must not depend on
     * which one comes.
     */
    private function checkSignatureHeaders(): void
    {
        $signed = array_filter($this->headers, static fn (HeaderTemplate $header): bool => $header->hasSignature);
        $elsewhere = array_merge([], ...array_column(array_diff_key($this->headers, $signed), 'fields'));
        foreach (array_merge(...array_column($signed, 'fields')) as $field) {
            foreach ($signed as $header) {
                if (!in_array($field, $header->fields, true) && !in_array($field, $elsewhere, true)) {
                    $message = "must carry {$field->inBraces()} in every header that has {signature}, because all but one of "
                        . 'them may be missing';
                    throw new Refusal('headers', $message);
                }
            }
        }
    }

    private function checkSignedHeaders(): void
    {
        foreach ($this->stringToSign->otherHeaders as $other) {
            if ($this->ownHeader($other->name) !== null) {
                throw new Refusal(
                    'stringToSign',
                    "must not have {$other->inBraces()}, which is one of the profile's own headers; write the fields that it "
                        . 'carries',
                );
            }
        }
        if ($this->stringToSign->signsHeaderList === ($this->signedHeaders === [])) {
            throw new Refusal('signedHeaders', $this->signedHeaders === []
                ? 'must not be empty, because the profile has {canonical_headers} or {signed_headers}'
                : 'must be empty, because the profile has neither {canonical_headers} nor {signed_headers}');
        }
        $isList = $this->signedHeaders === [] || RequestHeaders::parseList($this->signedHeadersText()) !== null;
        if (!$isList || $this->haveSignature($this->signedHeaders)) {
            $message = 'must be a list of header names in lower case, without _, each once, and none that carries {signature}';
            throw new Refusal('signedHeaders', $message);
        }
    }

    /** Whether one of the headers of these names carries the signature. */
    private function haveSignature(array $names): bool
    {
        foreach ($names as $name) {
            if ($this->ownHeader($name)?->hasSignature === true) {
                return true;
            }
        }
        return false;
    }

    private function ownHeader(string $name): ?HeaderTemplate
    {
        $index = $this->names->index($name);
        return $index === null ? null : $this->headers[$index];
    }

    private static function wrongNull(string $parameter, bool $hasField, Field $field): Refusal
    {
        $message = $hasField
            ? "must not be null, because the profile has a {$field->inBraces()}"
            : "must be null, because the profile has no {$field->inBraces()}";
        return new Refusal($parameter, $message);
    }

    /**
     * @param array<string, string> $headers
     *
     * @return list<HeaderTemplate>
     */
    private static function parseHeaders(array $headers, Grammars $grammars): array
    {
        if (count($headers) > self::MAX_HEADERS) {
            throw new Refusal('headers', 'must have at most 8 headers');
        }
        $parsed = [];
        foreach ($headers as $name => $template) {
            // A name that is a number is one in an array.
            $name = (string) $name;
            $template = HeaderTemplate::parse($name, $template, $grammars);
            $folded = HeaderNames::fold($name);
            // A constant is not looked for.
            if (isset($parsed[$folded]) || ($template->fields !== [] && !HeaderNames::canBeFound($name))) {
                throw HeaderTemplate::wrongName($name);
            }
            $parsed[$folded] = $template;
        }
        return array_values($parsed);
    }

    /**
     * @param list<string> $methods
     *
     * @return list<string>
     */
    private static function parseMethods(array $methods): array
    {
        foreach ($methods as $method) {
            if (!Bytes::isOf($method, Bytes::TOKEN)) {
                throw new Refusal('methodsWithoutPayload', 'must be a list of HTTP methods');
            }
        }
        return array_map(strtoupper(...), array_values($methods));
    }
}
