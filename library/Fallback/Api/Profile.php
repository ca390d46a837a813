<?php

declare(strict_types=1);

namespace HwSignature;

use HwSignature\Fallback\Arguments;
use HwSignature\Fallback\Bytes;
use HwSignature\Fallback\Contract;
use HwSignature\Fallback\ContractFile;
use HwSignature\Fallback\Refusal;
use HwSignature\Fallback\Uncopyable;

final readonly class Profile
{
    use Uncopyable;

    private const PARAMETERS = [
        'name', 'stringToSign', 'headers', 'encoding', 'timestampFormat', 'tolerance', 'nonce', 'methodsWithoutPayload',
        'ambiguous', 'canonicalRequest', 'signedHeaders', 'timestampDigits',
    ];

    private Contract $contract;

    public function __construct(
        mixed $name,
        mixed $stringToSign,
        array $headers,
        Encoding $encoding,
        ?TimestampFormat $timestampFormat = null,
        ?int $tolerance = null,
        mixed $nonce = null,
        array $methodsWithoutPayload = [],
        mixed $ambiguous = false,
        mixed $canonicalRequest = null,
        array $signedHeaders = [],
        ?int $timestampDigits = null,
    ) {
        if (isset($this->contract)) {
            throw self::constructedTwice();
        }
        self::requireUtf8(1, 'name', $name);
        self::requireUtf8(2, 'stringToSign', $stringToSign);
        try {
            if ($tolerance !== null && $tolerance < 0) {
                throw Contract::wrongTolerance();
            }
            Arguments::requireText(__METHOD__, 7, 'nonce', $nonce, true);
            $nonce === null || self::requireUtf8(7, 'nonce', $nonce);
            if (!is_bool($ambiguous)) {
                throw Arguments::type(__METHOD__, 9, 'ambiguous', 'of type bool', $ambiguous);
            }
            Arguments::requireText(__METHOD__, 10, 'canonicalRequest', $canonicalRequest, true);
            $canonicalRequest === null || self::requireUtf8(10, 'canonicalRequest', $canonicalRequest);
            if ($timestampDigits !== null && $timestampDigits < 0) {
                throw Contract::wrongDigits();
            }
            self::requireTexts(3, 'headers', 'must be an array of strings, keyed by header name', $headers, true);
            self::requireTexts(8, 'methodsWithoutPayload', 'must be a list of strings', $methodsWithoutPayload, false);
            self::requireTexts(11, 'signedHeaders', 'must be a list of strings', $signedHeaders, false);
            $this->contract = Contract::of(
                $name,
                $stringToSign,
                $headers,
                $encoding,
                $timestampFormat,
                $tolerance,
                $nonce,
                $methodsWithoutPayload,
                $ambiguous,
                $canonicalRequest,
                $signedHeaders,
                $timestampDigits,
            );
        } catch (Refusal $refusal) {
            throw Arguments::refused(__METHOD__, self::PARAMETERS, $refusal);
        }
    }

    public static function named(mixed $name): Profile
    {
        Arguments::requireText(__METHOD__, 1, 'name', $name);
        return self::of(Contract::named($name) ?? throw Arguments::unknown(__METHOD__, 1, 'name'));
    }

    public static function names(): array
    {
        return Contract::names();
    }

    public function withEncoding(Encoding $encoding): Profile
    {
        $contract = $this->contract ?? throw self::uninitialized();
        return self::of($contract->withEncoding($encoding));
    }

    public static function fromContract(mixed $json): Profile
    {
        Arguments::requireText(__METHOD__, 1, 'json', $json);
        try {
            return self::of(ContractFile::read($json));
        } catch (Refusal $refusal) {
            throw Arguments::refused(__METHOD__, ['json'], $refusal);
        }
    }

    public function toContract(): string
    {
        return ContractFile::write($this->contract ?? throw self::uninitialized());
    }

    public function describe(): array
    {
        return ($this->contract ?? throw self::uninitialized())->describe();
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return $this->describe();
    }

    private static function of(Contract $contract): self
    {
        $profile = (new \ReflectionClass(self::class))->newInstanceWithoutConstructor();
        $profile->contract = $contract;
        return $profile;
    }

    private static function requireUtf8(int $number, string $parameter, mixed $text): void
    {
        Arguments::requireText(self::class . '::__construct', $number, $parameter, $text);
        if (!Bytes::isUtf8($text)) {
            throw Arguments::value(self::class . '::__construct', $number, $parameter, 'must be valid UTF-8');
        }
    }

    /** @param array<mixed> $texts */
    private static function requireTexts(
        int $number,
        string $parameter,
        string $rule,
        array $texts,
        bool $hasNames,
    ): void {
        foreach ($texts as $name => $text) {
            $isNamed = !$hasNames || (is_string($name) && Bytes::isUtf8($name));
            if (!$isNamed || !is_string($text) || !Bytes::isUtf8($text)) {
                throw new \TypeError(self::class . "::__construct(): Argument #$number (\$$parameter) $rule");
            }
        }
    }
}
