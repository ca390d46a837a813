<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/** An HTTP/1.1 request as it went over the wire, or as a developer saved it. */
final class RequestDump
{
    private const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private const REQUEST_LINE = '(' . self::TOKEN . ') (\S+) HTTP\/[0-9.]+';

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
     * are. Lines end in LF or CRLF, and empty ones at the beginning do not count. What `curl -v` prints is a dump too,
     * without a body.
     *
     * @throws InvalidArgumentException
     */
    public static function parse(string $dump): self
    {
        [$lines, $body] = self::traced($dump) ?? self::raw($dump);
        $first = array_key_first($lines);
        $method = $target = null;
        if (preg_match('/^' . self::REQUEST_LINE . '\z/', $lines[$first], $request) === 1) {
            [, $method, $target] = $request;
            unset($lines[$first]);
        }
        return new self($method, $target, self::headers($lines, 'line'), $body);
    }

    /** @return array{non-empty-array<int, string>, string} the lines of the head by their index, and the body */
    private static function raw(string $dump): array
    {
        preg_match('/^(?:\r?\n)*/', $dump, $empty);
        [$head, $body] = preg_split('/\r?\n\r?\n/', substr($dump, strlen($empty[0])), 2) + [1 => ''];
        $lines = preg_split('/\r?\n/', preg_replace('/\r?\n\z/', '', $head));
        $first = substr_count($empty[0], "\n");
        return [array_combine(range($first, $first + count($lines) - 1), $lines), $body];
    }

    /**
     * What `curl -v` printed: the request is in the lines that begin with `>`, and its body is not there.
     *
     * @return array{non-empty-array<int, string>, string}|null null when the dump is nothing of the kind
     *
     * @throws InvalidArgumentException
     */
    private static function traced(string $dump): ?array
    {
        [$head] = preg_split('/\n\r?\n/', ltrim($dump, "\r\n"), 2);
        if (preg_match('/^> ' . self::REQUEST_LINE . '\r?$/m', $head) !== 1) {
            return null;
        }
        $lines = preg_replace('/^> ?/', '', preg_grep('/^>/', preg_split('/\r?\n/', $dump)));
        if (count(preg_grep('/^' . self::REQUEST_LINE . '\z/', $lines)) > 1) {
            throw new InvalidArgumentException('curl sent more than one request, leave only the one that is meant');
        }
        return [array_filter($lines, 'strlen'), ''];
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
            if (strpbrk($line, "\r\n") !== false) {
                throw new InvalidArgumentException("$unit $number has a line break inside: no header can have one");
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
