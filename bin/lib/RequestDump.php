<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** An HTTP request as a developer has it: saved, printed by a program, or written down as a command. */
final class RequestDump
{
    /** HttpMessage comes last: it says why the text is no request at all. */
    private const READERS = [
        CurlVerbose::class,
        CurlTrace::class,
        CurlCommand::class,
        GuzzleLog::class,
        HarEntry::class,
        PrintedArray::class,
        HttpMessage::class,
    ];

    /**
     * @param array<string, list<string>> $headers keyed by the name, as the extension takes them
     * @param ?string $body null where there was one and the text does not have it
     * @param string $bodyIsElsewhere why it does not, as a sentence without its end
     * @param list<string> $notes what was concluded besides, each a sentence
     */
    public function __construct(
        public readonly ?string $method,
        public readonly ?string $target,
        public readonly array $headers,
        public readonly ?string $body,
        public readonly string $bodyIsElsewhere = '',
        public readonly array $notes = [],
    ) {
    }

    /**
     * A request of which the text has only the head. Whether there was a body, is said in the headers.
     *
     * @param array<string, list<string>> $headers
     */
    public static function ofHead(?string $method, ?string $target, array $headers, string $bodyIsElsewhere): self
    {
        $dump = new self($method, $target, $headers, null, $bodyIsElsewhere);
        $hadBody = ($dump->declaredLength() ?? count($dump->header('Transfer-Encoding'))) > 0;
        return $hadBody ? $dump : new self($method, $target, $headers, '');
    }

    /** @throws InvalidArgumentException a sentence without its end */
    public static function parse(string $text): self
    {
        if (str_starts_with($text, "\xff\xfe") || str_starts_with($text, "\xfe\xff")) {
            throw new InvalidArgumentException('the request cannot be read: it is in UTF-16, as PowerShell saves what a program prints; save it as UTF-8');
        }
        $text = str_starts_with($text, "\xef\xbb\xbf") ? substr($text, 3) : $text;
        foreach (self::READERS as $reader) {
            $dump = $reader::read($text);
            if ($dump !== null) {
                return $dump;
            }
        }
        throw new InvalidArgumentException('this is no request');
    }

    /** @return list<string> the values of a header, in the spelling of HTTP or of $_SERVER */
    public function header(string $name): array
    {
        $values = [];
        $name = strtr(strtolower($name), '_', '-');
        foreach ($this->headers as $received => $ofOne) {
            $received = strtr(strtolower((string) $received), '_', '-');
            if ($received === $name || $received === "http-$name") {
                array_push($values, ...$ofOne);
            }
        }
        return $values;
    }

    /** What Content-Length says; null when it says nothing. A body of another length is not the one that was sent. */
    public function declaredLength(): ?int
    {
        $length = filter_var($this->header('Content-Length')[0] ?? null, FILTER_VALIDATE_INT, ['options' => ['min_range' => 0]]);
        return $length === false ? null : $length;
    }

    public function withNote(string $note): self
    {
        return new self($this->method, $this->target, $this->headers, $this->body, $this->bodyIsElsewhere, [...$this->notes, $note]);
    }
}
