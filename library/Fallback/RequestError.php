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
    private function __construct(private readonly string $parameter, string $message)
    {
        parent::__construct($message);
    }

    public static function method(): self
    {
        return new self('method', 'must be an HTTP method');
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

    /** What it is when a caller sent it. */
    public function rejection(): Rejection
    {
        return new Rejection(Reason::MalformedRequest, "the $this->parameter {$this->getMessage()}");
    }

    /** What it is when a programmer passed it. */
    public function refusal(): Refusal
    {
        return new Refusal($this->parameter, $this->getMessage());
    }
}
