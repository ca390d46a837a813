<?php

declare(strict_types=1);

namespace HwSignature\Fallback;

use HwSignature\Reason;

/**
 * Why a method or a target is not one.
 *
 * @internal
 */
final class RequestError extends \Exception
{
    private function __construct(
        private readonly string $parameter,
        string $message,
        private readonly Reason $reason = Reason::MalformedRequest,
        private readonly string $subject = 'target',
    ) {
        parent::__construct($message);
    }

    public static function method(): self
    {
        return new self('method', 'must be an HTTP method', subject: 'method');
    }

    public static function target(): self
    {
        return new self('target', 'must be "/path?query" or "https://host/path?query"');
    }

    public static function control(int $offset): self
    {
        return new self('target', "must not contain white space or control characters (byte $offset)");
    }

    public static function fragment(int $offset): self
    {
        return new self('target', "must not contain a fragment (byte $offset)");
    }

    /** @param string|null $name of the header, where the contract names it too: what a caller sends is not repeated */
    public static function header(?string $name, Reason $reason, string $fault): self
    {
        $message = $name === null
            ? "must have every header that is listed as signed, and one $fault"
            : "must have the header \"$name\", because the profile signs it, and it $fault";
        return new self('headers', $message, $reason, 'request');
    }

    public static function ownHeader(string $name): self
    {
        return new self('headers', "must not have \"$name\", which is written by signing");
    }

    public static function signedHeaders(): self
    {
        $message = 'must have at most 64 names, each an HTTP field name without _ and once, whatever its letter case';
        return new self('headers', $message);
    }

    public static function relative(): self
    {
        $message = 'must be an absolute URL such as "https://host/path?query", because the profile signs it';
        return new self('target', $message);
    }

    public static function userInfo(): self
    {
        return new self('target', 'must not have a user name, because the profile signs the host');
    }

    /** What it is when a caller sent it. */
    public function rejection(): Rejection
    {
        return new Rejection($this->reason, "the $this->subject {$this->getMessage()}");
    }

    /** What it is when a programmer passed it. */
    public function refusal(): Refusal
    {
        return new Refusal($this->parameter, $this->getMessage());
    }
}
