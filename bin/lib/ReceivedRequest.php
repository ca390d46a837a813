<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use HwSignature\Profile;
use InvalidArgumentException;

/** What verify and diagnose look at. */
final class ReceivedRequest
{
    /** @var array<string, list<string>> */
    public array $headers;
    public ?string $method;
    public ?string $target;
    public string $payload;

    public function __construct(Arguments $arguments, Profile $profile)
    {
        $file = $arguments->payloadFile();
        if ($file === '-' && $arguments->text('request') === '-') {
            throw new UsageError('The request and the payload cannot both come from standard input.');
        }
        $dump = $arguments->has('request') ? self::parse(Inputs::read($arguments->text('request'))) : null;
        array_map(Console::note(...), $dump?->notes ?? []);
        $this->headers = self::headers($arguments, $dump?->headers ?? []);
        $this->method = $arguments->text('method') ?? $dump?->method;
        $this->target = $arguments->text('target') ?? $dump?->target;
        $this->payload = $dump === null || $file !== null
            ? Inputs::payload($arguments, $profile, $this->method)
            : self::body($dump, $profile, $this->method);
        $declared = $dump?->declaredLength();
        if ($file !== null && (string) $dump?->body !== '') {
            Console::note("The payload is $file; the body of the request is not looked at.");
        } elseif ($declared !== null && $declared !== strlen($this->payload)) {
            Console::warn("Content-Length says $declared bytes, and the payload has " . strlen($this->payload) . '.');
        }
    }

    private static function parse(string $text): RequestDump
    {
        try {
            return RequestDump::parse($text);
        } catch (InvalidArgumentException $error) {
            throw new UsageError(ucfirst($error->getMessage()) . '.');
        }
    }

    /**
     * @param array<string, list<string>> $headers those of the dump
     *
     * @return array<string, list<string>>
     */
    private static function headers(Arguments $arguments, array $headers): array
    {
        foreach (Inputs::headers($arguments) as $name => $values) {
            $headers[$name] = [...$headers[$name] ?? [], ...$values];
        }
        return $headers !== [] ? $headers : throw new UsageError('There are no headers: give each with -H, or name a file that has them with --request.');
    }

    private static function body(RequestDump $dump, Profile $profile, ?string $method): string
    {
        if ($dump->body === null && Inputs::signsPayload($profile, $method)) {
            throw new UsageError("The request had a body, and $dump->bodyIsElsewhere: name the file that holds it.");
        }
        return (string) $dump->body;
    }
}
