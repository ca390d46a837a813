<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/**
 * A request as it goes over the wire: an optional request line, headers, and after an empty line the body, whose bytes stay
 * as they are. Lines end in LF or CRLF, and empty ones at the beginning do not count.
 */
final class HttpMessage implements DumpReader
{
    public static function read(string $text): RequestDump
    {
        $before = strspn($text, "\r\n");
        [$head, $body] = self::parts(substr($text, $before));
        if (trim($head) === '') {
            throw new InvalidArgumentException('this is no request: it is empty');
        }
        $lines = HeaderLines::split($head);
        $first = substr_count($text, "\n", 0, $before);
        $lines = array_combine(range($first, $first + count($lines) - 1), $lines);
        [$method, $target] = HeaderLines::requestLine($lines[$first]);
        if ($method !== null) {
            unset($lines[$first]);
        } elseif (!self::isHeader($lines[$first])) {
            throw new InvalidArgumentException('this is no request: ' . self::whatItIs($lines[$first], $first + 1));
        }
        try {
            $headers = HeaderLines::parse($lines, 'line');
        } catch (InvalidArgumentException $error) {
            throw new InvalidArgumentException('the request cannot be read: ' . $error->getMessage());
        }
        return self::withBody(new RequestDump($method, $target, $headers, $body));
    }

    /** @return array{string, string} the head without its last line break, and the body */
    private static function parts(string $text): array
    {
        for ($at = 0; ($end = strpos($text, "\n", $at)) !== false; $at = $end + 1) {
            $next = $end + 1 + (int) (($text[$end + 1] ?? '') === "\r");
            if (($text[$next] ?? '') === "\n") {
                return [rtrim(substr($text, 0, $end), "\r"), substr($text, $next + 1)];
            }
        }
        return [rtrim($text, "\r\n"), ''];
    }

    /** Takes off what surrounds the body that the sender had. */
    private static function withBody(RequestDump $dump): RequestDump
    {
        [$body, $notes] = [(string) $dump->body, []];
        $declared = $dump->declaredLength();
        if ($declared !== null && str_starts_with(ltrim(substr($body, $declared), "\r\n"), 'HTTP/')) {
            $body = substr($body, 0, $declared);
            $notes[] = 'What follows the body, by its Content-Length, is the response.';
        }
        $codings = strtolower(implode(',', $dump->header('Transfer-Encoding')));
        if (str_contains($codings, 'chunked') && $body !== '') {
            $joined = Chunks::join($body);
            $notes[] = $joined === null
                ? 'Transfer-Encoding says chunked and the body is not in chunks: it is taken as the program that saved it put it together.'
                : 'The body came in chunks: the payload is the ' . strlen($joined) . ' bytes in them.';
            $body = $joined ?? $body;
        }
        return new RequestDump($dump->method, $dump->target, $dump->headers, $body, notes: $notes);
    }

    private static function isHeader(string $line): bool
    {
        try {
            return HeaderLines::parse([$line], 'line') !== [];
        } catch (InvalidArgumentException) {
            return str_starts_with($line, ' ') || str_starts_with($line, "\t");
        }
    }

    private static function whatItIs(string $line, int $number): string
    {
        $start = ltrim($line);
        return match (true) {
            str_starts_with($start, 'HTTP/') => 'it is a response',
            str_starts_with($start, '* '), str_starts_with($start, '< HTTP/'), str_starts_with($start, '== Info')
                => 'curl printed it, and there is no line "> POST /path HTTP/1.1" of a request that it sent',
            str_contains($start, '> [CONNECT]') => 'Guzzle prints no headers when it sends without curl: install php-curl, or log '
                . 'GuzzleHttp\Psr7\Message::toString($request)',
            default => "line $number is not of the form Name: value, and not a request line such as POST /path HTTP/1.1",
        };
    }
}
