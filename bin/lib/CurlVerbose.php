<?php

declare(strict_types=1);

namespace HwSignature\Tool;

use InvalidArgumentException;

/**
 * What `curl -v`, PHP's CURLOPT_VERBOSE and Guzzle's `debug` print. The command puts `> ` before every line of the request,
 * the library only before the first; an empty line ends it in both. The body is not there.
 */
final class CurlVerbose implements DumpReader
{
    public static function read(string $text): ?RequestDump
    {
        if (!self::isTrace($text)) {
            return null;
        }
        $lines = HeaderLines::split($text);
        $starts = self::requests($lines);
        // A tunnel through a proxy is not what the receiver sees.
        $starts = array_values(array_filter($starts, static fn(int $start): bool => !str_starts_with($lines[$start], '> CONNECT ')));
        if (count($starts) !== 1) {
            throw new InvalidArgumentException('the request cannot be read: curl sent '
                . ($starts === [] ? 'none but CONNECT' : 'more than one request, leave only the one that is meant'));
        }
        [$method, $target] = HeaderLines::requestLine(substr($lines[$starts[0]], 2));
        try {
            $headers = HeaderLines::parse(self::head($lines, $starts[0]), 'line');
        } catch (InvalidArgumentException $error) {
            throw new InvalidArgumentException('the request cannot be read: ' . $error->getMessage());
        }
        return RequestDump::ofHead($method, $target, $headers, 'curl shows no body with -v, nor with CURLOPT_VERBOSE');
    }

    /** Whether a request of curl's comes before the first empty line: what comes later may be the body of another request. */
    private static function isTrace(string $text): bool
    {
        for ($at = strspn($text, "\r\n"); $at < strlen($text); $at += $length + 1) {
            $length = strcspn($text, "\n", $at);
            $line = rtrim(substr($text, $at, $length), "\r");
            if ($line === '' || self::isRequest($line)) {
                return $line !== '';
            }
        }
        return false;
    }

    private static function isRequest(string $line): bool
    {
        return str_starts_with($line, '> ') && HeaderLines::requestLine(substr($line, 2)) !== null;
    }

    /**
     * @param list<string> $lines
     *
     * @return list<int> the lines with which a request begins
     */
    private static function requests(array $lines): array
    {
        return array_keys(array_filter($lines, self::isRequest(...)));
    }

    /**
     * @param list<string> $lines
     *
     * @return array<int, string> the headers of the request that begins there
     */
    private static function head(array $lines, int $start): array
    {
        $head = [];
        $everyLineIsMarked = str_starts_with($lines[$start + 1] ?? '', '>');
        for ($index = $start + 1; $index < count($lines); ++$index) {
            $line = $lines[$index];
            $isMarked = str_starts_with($line, '>');
            if ($line === '' || $line === '>' || $line === '> ' || (!$everyLineIsMarked && strspn($line, '<*>', 0, 1) === 1)) {
                break;
            }
            if ($isMarked === $everyLineIsMarked) {
                $head[$index] = $isMarked ? substr($line, 2) : $line;
            }
        }
        return $head;
    }
}
