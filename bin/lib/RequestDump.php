<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** An HTTP/1.1 request as it went over the wire, or as a developer saved it. */
final class RequestDump
{
    private const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /** @param array<string, list<string>> $headers keyed by the name in lower case */
    private function __construct(
        public readonly ?string $method,
        public readonly ?string $target,
        public readonly array $headers,
        public readonly string $body,
    ) {
    }

    /**
     * Takes a dump apart: an optional request line, headers, and after an empty line the body, whose bytes stay as they
     * are. Lines end in LF or CRLF.
     *
     * @throws InvalidArgumentException
     */
    public static function parse(string $dump): self
    {
        [$head, $body] = preg_split('/\r?\n\r?\n/', $dump, 2) + [1 => ''];
        $lines = preg_split('/\r?\n/', preg_replace('/\r?\n\z/', '', $head));
        $method = $target = null;
        if (preg_match('/^(' . self::TOKEN . ') (\S+) HTTP\/[0-9.]+\z/', $lines[0], $request) === 1) {
            [, $method, $target] = $request;
            unset($lines[0]);
        }
        return new self($method, $target, self::headers($lines, 'line'), $body);
    }

    /**
     * @param array<int, string> $lines each `Name: value`, numbered from 0
     *
     * @return array<string, list<string>>
     *
     * @throws InvalidArgumentException
     */
    public static function headers(array $lines, string $unit = 'header'): array
    {
        $headers = [];
        foreach ($lines as $index => $line) {
            $number = $index + 1;
            if (preg_match('/^[ \t]/', $line) === 1) {
                throw new InvalidArgumentException("$unit $number begins with white space: a header that goes on in the next line is no longer HTTP, join the two");
            }
            if (preg_match('/^(' . self::TOKEN . '):[ \t]*(.*?)[ \t]*\z/s', $line, $header) !== 1) {
                $requestLine = "$unit $number" === 'line 1' ? ', and not a request line such as POST /path HTTP/1.1' : '';
                throw new InvalidArgumentException("$unit $number is not of the form Name: value$requestLine");
            }
            $headers[strtolower($header[1])][] = $header[2];
        }
        return $headers;
    }

    /** What Content-Length says; null when it says nothing. A body of another length is not the one that was sent. */
    public function declaredLength(): ?int
    {
        $length = filter_var($this->headers['content-length'][0] ?? null, FILTER_VALIDATE_INT);
        return $length === false ? null : $length;
    }
}
